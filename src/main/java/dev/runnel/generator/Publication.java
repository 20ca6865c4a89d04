package dev.runnel.generator;

import dev.runnel.message.Ended;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes how the generations of one generator have ended. For one context.
 *
 * @param withheld gets an end that is not published, and the node that decides about it
 * @param isLogged whether each end has a line in the log
 */
record Publication(BiConsumer<String, Ended> withheld, boolean isLogged) {

    /**
     * Sends the end to the consumer and to the observers of ends, if it is one.
     *
     * @param traceparent the trace context of its span, or {@code null}
     */
    void publish(Ending ending, Ended ended, Outbox outbox, @Nullable String traceparent) {
        Optional<String> decidedBy = ending.decidedBy();
        Optional<String> silent = outbox.silentNode();
        if (decidedBy.isPresent()) {
            withheld.accept(decidedBy.get(), ended);
        } else if (ending instanceof Ending.Continued) {
            return;
        } else if (silent.isPresent()) {
            outbox.send(ended);
            withheld.accept(silent.get(), ended);
        } else {
            outbox.publish(ended);
            if (isLogged) {
                GenerationLog.write(ended, traceparent);
            }
        }
    }
}
