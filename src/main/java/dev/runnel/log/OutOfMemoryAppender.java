package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action where an {@link OutOfMemoryError}, or an exception that it caused, is logged. Libraries catch every
 * error of a task and log it. No turbo filter of Logback (1.5): it does not receive the cause of an event that was made
 * with SLF4J's fluent API. If there is no memory for the event itself, a further error is thrown where it is logged.
 */
final class OutOfMemoryAppender extends AppenderBase<ILoggingEvent> {

    private static final int MAX_CAUSES = 16;

    private final Runnable action;

    OutOfMemoryAppender(Runnable action) {
        this.action = action;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getThrowableProxy() instanceof ThrowableProxy proxy && isOutOfMemory(proxy.getThrowable())) {
            action.run();
        }
    }

    private static boolean isOutOfMemory(Throwable thrown) {
        @Nullable Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
