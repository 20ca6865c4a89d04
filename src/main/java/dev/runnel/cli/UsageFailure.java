package dev.runnel.cli;

/** Ends a command with exit status 2 and its message. */
final class UsageFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageFailure(String message) {
        super(message, null, false, false);
    }
}
