package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;

/** As {@link OutOfMemoryFilter}, for events of SLF4J's fluent API: Logback (1.5) asks no filter about their cause. */
final class OutOfMemoryAppender extends AppenderBase<ILoggingEvent> {

    private final Runnable action;

    OutOfMemoryAppender(Runnable action) {
        this.action = action;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getThrowableProxy() instanceof ThrowableProxy proxy
                && OutOfMemoryFilter.isOutOfMemory(proxy.getThrowable())) {
            action.run();
        }
    }
}
