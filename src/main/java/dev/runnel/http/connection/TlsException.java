package dev.runnel.http.connection;

/** A certificate or key cannot be used. The message is one line that names the setting. */
final class TlsException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsException(String message) {
        super(message);
    }
}
