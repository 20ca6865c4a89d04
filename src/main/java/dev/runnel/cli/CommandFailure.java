package dev.runnel.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with exit status 1 and its message. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailure(@Nullable String message) {
        super(message, null, false, false);
    }
}
