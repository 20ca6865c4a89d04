package dev.runnel.generator;

import dev.runnel.message.Ended;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The line for each generation that ended. It has a logger of its own, so that it is never summed up. */
final class GenerationLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.runnel.generation");

    /** Where the trace id stands in a {@code traceparent}. */
    private static final int TRACE_BEGIN = 3;

    private static final int TRACE_END = 35;

    private GenerationLog() {}

    /** @param traceparent the trace context of its span, or {@code null} */
    static void tell(Ended ended, Ending ending, @Nullable String traceparent) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("generation", ended.generationId())
                .addKeyValue("request", ended.requestId())
                .addKeyValue("key", ended.keyId())
                .addKeyValue("model", ended.model())
                .addKeyValue("outcome", word(ended.outcome()));
        if (ending instanceof Ending.Failed broken) {
            line = line.addKeyValue("failure", word(broken.failure().code()));
        }
        line = line.addKeyValue("promptTokens", ended.usage().promptTokens())
                .addKeyValue("completionTokens", ended.usage().completionTokens())
                .addKeyValue("queueMillis", ended.queueMillis());
        if (ended.firstTokenMillis() >= 0) {
            line = line.addKeyValue("firstTokenMillis", ended.firstTokenMillis());
        }
        line = line.addKeyValue("totalMillis", ended.totalMillis());
        if (traceparent != null) {
            line = line.addKeyValue("trace", traceparent.substring(TRACE_BEGIN, TRACE_END));
        }
        line.log("ended");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
