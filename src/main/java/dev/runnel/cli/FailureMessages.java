package dev.runnel.cli;

import java.util.Objects;

/** What went wrong, in the words of whoever noticed. */
final class FailureMessages {

    private FailureMessages() {}

    /** The message, or the kind of exception where it has none. */
    static String of(Throwable failure) {
        return Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
    }
}
