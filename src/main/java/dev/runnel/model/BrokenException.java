package dev.runnel.model;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection broke, or there was none. What came before is good; asking again may help. */
final class BrokenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    private BrokenException(String why, @Nullable Throwable cause) {
        super(why, cause);
        this.why = why;
    }

    static BrokenException of(Throwable cause) {
        return new BrokenException(
                cause instanceof IOException io ? IoReason.of(io) : "broken off (" + cause.getMessage() + ")", cause);
    }

    /** In a few words that follow the name of a source. */
    String why() {
        return why;
    }

    static BrokenException silent(Duration patience) {
        return new BrokenException("nothing came for " + patience.toSeconds() + " s", null);
    }
}
