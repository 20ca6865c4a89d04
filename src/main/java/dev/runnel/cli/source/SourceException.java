package dev.runnel.cli.source;

import org.jspecify.annotations.Nullable;

/** No text, for a reason that the user can act on. The message is one line. */
public final class SourceException extends Exception {

    private static final long serialVersionUID = 1L;

    SourceException(@Nullable String message) {
        super(message, null, false, false);
    }
}
