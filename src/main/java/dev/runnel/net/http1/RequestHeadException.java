package dev.runnel.net.http1;

/** The head of a request breaks a rule of {@link RequestHead}. The message is for the client. */
final class RequestHeadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RequestHeadException(String message) {
        super(message, null, false, false);
    }
}
