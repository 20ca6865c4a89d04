package dev.runnel.engine.openai;

/** An upstream sent what cannot be read as a stream. Without a stack trace: it is the upstream's mistake, not ours. */
final class BadUpstreamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message is for operators, and repeats nothing that the upstream sent. */
    BadUpstreamException(String message) {
        super(message, null, false, false);
    }
}
