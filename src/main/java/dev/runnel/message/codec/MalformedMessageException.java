package dev.runnel.message.codec;

/** Bytes from another node that are no message of this version: cut short, damaged, or of a newer version. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
