package dev.runnel.model;

/** One source did not give the file. The message says why, in a few words that follow the source's name. */
final class SourceFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    SourceFailedException(String why) {
        super(why);
    }

    SourceFailedException(String why, Throwable cause) {
        super(why, cause);
    }
}
