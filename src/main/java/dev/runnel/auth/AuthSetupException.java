package dev.runnel.auth;

/** Keys cannot be verified or issued with this configuration or these files; the message is one line for the operator. */
public final class AuthSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthSetupException(String message) {
        super(message);
    }

    public AuthSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
