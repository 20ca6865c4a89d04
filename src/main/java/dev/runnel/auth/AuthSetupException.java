package dev.runnel.auth;

/**
 * The configuration or the files do not allow keys to be verified or issued. The message is one line for the operator.
 */
public final class AuthSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthSetupException(String message) {
        super(message);
    }

    public AuthSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
