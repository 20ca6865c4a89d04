package dev.runnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import dev.runnel.log.RepeatCounter.Kind;
import dev.runnel.log.RepeatCounter.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Keeps the log readable during an outage: an operator sees a failure at once, then one line every 10 s with its count.
 * Events with the same logger, level, message and place of the exception are one kind. Their fields may differ. Events
 * below INFO all pass, because an operator who enables them wants each. {@code logback.xml} names this class.
 */
public final class RepeatAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
        implements AppenderAttachable<ILoggingEvent> {

    private static final int MAX_KINDS = 256;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration CHECK_PERIOD = Duration.ofSeconds(1);

    private final AppenderAttachableImpl<ILoggingEvent> next = new AppenderAttachableImpl<>();
    private final RepeatCounter repeats;
    private @Nullable ScheduledFuture<?> checks;

    public RepeatAppender() {
        this(System::nanoTime);
    }

    RepeatAppender(LongSupplier nanos) {
        repeats = new RepeatCounter(MAX_KINDS, WINDOW.toNanos(), nanos);
    }

    @Override
    public void start() {
        checks = getContext()
                .getScheduledExecutorService()
                .scheduleWithFixedDelay(
                        this::check, CHECK_PERIOD.toMillis(), CHECK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        super.start();
    }

    /** Logs the repetitions that were counted so far. */
    @Override
    public void stop() {
        ScheduledFuture<?> own = checks;
        if (own != null) {
            own.cancel(false);
        }
        flush();
        super.stop();
    }

    /** Logs the repetitions that were counted so far, and stays started. */
    void flush() {
        repeats.rest().forEach(this::log);
    }

    void check() {
        repeats.due().forEach(this::log);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.INFO) || repeats.isFirst(kind(event))) {
            next.appendLoopOnAppenders(event);
        }
    }

    private static Kind kind(ILoggingEvent event) {
        String message = String.valueOf(event.getFormattedMessage());
        int end = Math.min(LineFormat.MESSAGE_CHARACTERS, message.length());
        return new Kind(
                event.getLoggerName(),
                event.getLevel().toString(),
                message.substring(0, end),
                cause(event.getThrowableProxy()));
    }

    private static String cause(@Nullable IThrowableProxy thrown) {
        if (thrown == null) {
            return "";
        }
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        boolean isBare = frames == null || frames.length == 0;
        return thrown.getClassName() + (isBare ? "" : " " + frames[0].getSTEAsString());
    }

    private void log(Summary summary) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(summary.kind().logger());
        event.setLevel(Level.toLevel(summary.kind().level()));
        event.setThreadName(Thread.currentThread().getName());
        event.setInstant(Instant.now());
        event.setMDCPropertyMap(Map.of());
        event.setMessage("… and " + summary.count() + " more in the last " + summary.seconds() + " s: "
                + summary.kind().message());
        event.addKeyValuePair(new KeyValuePair("repeated", summary.count()));
        next.appendLoopOnAppenders(event);
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        next.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return next.iteratorForAppenders();
    }

    @Override
    public @Nullable Appender<ILoggingEvent> getAppender(String name) {
        return next.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return next.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        next.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return next.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return next.detachAppender(name);
    }
}
