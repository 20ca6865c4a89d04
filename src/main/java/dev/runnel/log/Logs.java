package dev.runnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import dev.runnel.config.LogConfig;
import java.util.Iterator;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Configures the log of this process. An application that embeds Runnel may bind SLF4J to another library or have a
 * {@code logback.xml} of its own. What does not apply there is left unchanged.
 */
public final class Logs {

    private static final String OURS = "dev.runnel";

    private Logs() {}

    /** Applies the level and the format from now on. */
    public static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            // Some libraries log through java.util.logging, which writes two lines for each event.
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
            context.getLogger(OURS).setLevel(Level.toLevel(config.level().name()));
            forEachAppender(context, appender -> format(appender, config.format()));
        }
    }

    /**
     * Runs an action where an {@link OutOfMemoryError} is logged by any library. It may run on any thread, repeatedly.
     */
    public static void onOutOfMemory(Runnable action) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            OutOfMemoryAppender appender = new OutOfMemoryAppender(action);
            appender.setContext(context);
            appender.start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        }
    }

    private static void format(Appender<ILoggingEvent> appender, LogConfig.Format format) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> stream
                && stream.getEncoder() instanceof LineEncoder encoder) {
            encoder.setFormat(format);
        }
    }

    /**
     * Logs the repetitions that were counted and not logged yet. Call it before the process ends. The log stays open.
     */
    public static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            forEachAppender(context, appender -> {
                if (appender instanceof RepeatAppender repeats) {
                    repeats.flush();
                }
            });
        }
    }

    private static void forEachAppender(LoggerContext context, Consumer<Appender<ILoggingEvent>> action) {
        for (Logger logger : context.getLoggerList()) {
            forEachAppender(logger.iteratorForAppenders(), action);
        }
    }

    private static void forEachAppender(
            Iterator<Appender<ILoggingEvent>> appenders, Consumer<Appender<ILoggingEvent>> action) {
        while (appenders.hasNext()) {
            Appender<ILoggingEvent> appender = appenders.next();
            action.accept(appender);
            if (appender instanceof RepeatAppender repeats) {
                forEachAppender(repeats.iteratorForAppenders(), action);
            }
        }
    }
}
