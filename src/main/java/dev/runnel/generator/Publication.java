package dev.runnel.generator;

import dev.runnel.message.Ended;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes how the generations of one generator have ended. For one context.
 *
 * @param withheld gets an end that is not published yet
 * @param isLogged whether each end has a line in the log
 */
record Publication(WithheldEnds withheld, boolean isLogged) {

    /**
     * Sends the end to the consumer and to the observers of ends, if it is one.
     *
     * @param traceparent the trace context of its span, or {@code null}
     * @param onEnd counts the end, now or later, if it is one
     */
    void publish(Ending ending, Ended ended, Outbox outbox, @Nullable String traceparent, Consumer<Ended> onEnd) {
        Optional<String> decidedBy = ending.decidedBy();
        Optional<String> consumer = outbox.otherNode();
        Consumer<Ended> published = end -> {
            if (isLogged) {
                GenerationLog.write(end, traceparent);
            }
            onEnd.accept(end);
        };
        if (decidedBy.isPresent()) {
            withheld.add(decidedBy.get(), ended, published);
        } else if (ending instanceof Ending.Continued) {
            return;
        } else if (consumer.isPresent()) {
            withheld.add(consumer.get(), ended, published, outbox.deliver(ended));
        } else {
            outbox.publish(ended);
            published.accept(ended);
        }
    }
}
