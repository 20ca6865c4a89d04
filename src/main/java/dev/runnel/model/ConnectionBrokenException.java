package dev.runnel.model;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection broke, or could not be made. What arrived before is good; a second attempt may help. */
final class ConnectionBrokenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    private ConnectionBrokenException(String why, @Nullable Throwable cause) {
        super(why, cause);
        this.why = why;
    }

    static ConnectionBrokenException of(Throwable cause) {
        return new ConnectionBrokenException(
                cause instanceof IOException io ? IoReason.of(io) : "broken off (" + cause.getMessage() + ")", cause);
    }

    /** The reason, in a few words that follow the name of a source. */
    String why() {
        return why;
    }

    static ConnectionBrokenException silent(Duration patience) {
        return new ConnectionBrokenException("nothing came for " + patience.toSeconds() + " s", null);
    }
}
