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
 * The log of a process of our own. Where somebody else has bound SLF4J to another library, or logs by another
 * {@code logback.xml}, what does not apply is left alone.
 */
public final class Logs {

    private static final String OURS = "dev.runnel";

    private Logs() {}

    /** Has the log written so from now on. */
    public static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            // Some libraries log with the JDK, which writes two lines an event.
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
            context.getLogger(OURS).setLevel(Level.toLevel(config.level().name()));
            forEachAppender(context, appender -> format(appender, config.format()));
        }
    }

    private static void format(Appender<ILoggingEvent> appender, LogConfig.Format format) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> stream
                && stream.getEncoder() instanceof LineEncoder encoder) {
            encoder.setFormat(format);
        }
    }

    /** Tells what was counted and not told yet; the log goes on. Before a process ends. */
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
