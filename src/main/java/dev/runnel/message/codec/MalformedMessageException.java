package dev.runnel.message.codec;

/** Bytes from another node that are not a record: the frame is cut short or damaged. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
