package dev.runnel.auth;

/**
 * A key is refused. The message is for the caller: it says what to do and repeats no part of the key. There is no stack
 * trace, because a refusal is a normal result.
 */
public final class AuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthException(String message) {
        super(message, null, false, false);
    }
}
