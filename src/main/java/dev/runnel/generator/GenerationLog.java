package dev.runnel.generator;

import dev.runnel.message.Ended;
import dev.runnel.text.FailureCode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The log line of each generation that ended. It has its own logger, so that repeated lines are not summed up. */
final class GenerationLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.runnel.generation");

    /** The place of the trace id in a {@code traceparent}. */
    private static final int TRACE_START = 3;

    private static final int TRACE_END = 35;

    private GenerationLog() {}

    /** @param traceparent the trace context of its span, or {@code null} */
    static void write(Ended ended, @Nullable String traceparent) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("generation", ended.generationId())
                .addKeyValue("request", ended.requestId())
                .addKeyValue("key", ended.keyId())
                .addKeyValue("model", ended.model())
                .addKeyValue("outcome", word(ended.outcome()));
        FailureCode failure = ended.failure();
        if (failure != null) {
            line = line.addKeyValue("failure", word(failure));
        }
        Ended.Durations durations = ended.durations();
        line = line.addKeyValue("promptTokens", ended.usage().promptTokens())
                .addKeyValue("completionTokens", ended.usage().completionTokens())
                .addKeyValue("queueMillis", millis(durations.queueNanos()));
        if (durations.firstTokenNanos() >= 0) {
            line = line.addKeyValue("firstTokenMillis", millis(durations.firstTokenNanos()));
        }
        line = line.addKeyValue("totalMillis", millis(durations.totalNanos()));
        if (traceparent != null) {
            line = line.addKeyValue("trace", traceparent.substring(TRACE_START, TRACE_END));
        }
        line.log("ended");
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
