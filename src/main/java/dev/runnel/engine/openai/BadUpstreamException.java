package dev.runnel.engine.openai;

/** What an upstream sent is no stream that can be read. Without a stack trace: it is the upstream's mistake, not ours. */
final class BadUpstreamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message is for whoever operates the service and holds nothing that the upstream said. */
    BadUpstreamException(String message) {
        super(message, null, false, false);
    }
}
