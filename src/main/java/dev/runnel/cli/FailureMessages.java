package dev.runnel.cli;

import java.util.Objects;

/** Messages of failures for the terminal. */
final class FailureMessages {

    private FailureMessages() {}

    /** The message, or the name of the exception's class if it has no message. */
    static String of(Throwable failure) {
        return Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
    }
}
