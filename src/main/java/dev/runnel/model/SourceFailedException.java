package dev.runnel.model;

/** A source did not deliver the file. The message is the reason, in a few words that follow the source's name. */
final class SourceFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    SourceFailedException(String why) {
        super(why);
    }

    SourceFailedException(String why, Throwable cause) {
        super(why, cause);
    }
}
