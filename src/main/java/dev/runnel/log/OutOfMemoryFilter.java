package dev.runnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Runs an action where an {@link OutOfMemoryError} is about to be logged, at any level. Libraries catch every error of a
 * task and log it. Filters no event.
 */
final class OutOfMemoryFilter extends TurboFilter {

    private static final int MOST_CAUSES = 16;

    private final Runnable action;

    OutOfMemoryFilter(Runnable action) {
        this.action = action;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (isOutOfMemory(thrown) || isOutOfMemory(last(arguments))) {
            action.run();
        }
        return FilterReply.NEUTRAL;
    }

    /** SLF4J logs a throwable as such that is the last argument. */
    private static @Nullable Throwable last(Object @Nullable [] arguments) {
        boolean isThrown =
                arguments != null && arguments.length > 0 && arguments[arguments.length - 1] instanceof Throwable;
        return isThrown ? (Throwable) arguments[arguments.length - 1] : null;
    }

    /** Whether it is an {@link OutOfMemoryError}, or was caused by one. Allocates nothing. */
    static boolean isOutOfMemory(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
