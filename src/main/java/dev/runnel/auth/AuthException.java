package dev.runnel.auth;

/**
 * A key that is not taken. The message may be told to the caller: it says what to do and repeats nothing of the key. Without
 * a stack trace: it is an answer, not an accident.
 */
public final class AuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthException(String message) {
        super(message, null, false, false);
    }
}
