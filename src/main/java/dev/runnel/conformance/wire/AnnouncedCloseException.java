package dev.runnel.conformance.wire;

import java.io.EOFException;

/**
 * The server closed the connection after an answer with {@code Connection: close}, as RFC 9112, section 9.6, allows
 * after any answer.
 */
public final class AnnouncedCloseException extends EOFException {

    private static final long serialVersionUID = 1;

    AnnouncedCloseException() {
        super("the server closes the connection after an answer with Connection: close");
    }
}
