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
        Consumer<Ended> published = end -> {
            if (isLogged) {
                GenerationLog.write(end, traceparent);
            }
            onEnd.accept(end);
        };
        Optional<WithheldEnds.End> elsewhere = outbox.elsewhere()
                .map(place -> new WithheldEnds.End(place, ended, published, () -> outbox.deliver(ended)));
        if (ending instanceof Ending.Continued || decidedBy.equals(Optional.of(""))) {
            return;
        } else if (elsewhere.isEmpty()) {
            outbox.publish(ended);
            published.accept(ended);
        } else if (outbox.isDoubtful() && !(ending instanceof Ending.Abandoned)) {
            withheld.leaveToConsumer(elsewhere.get());
        } else if (decidedBy.isPresent() || elsewhere.get().consumer().isLost()) {
            withheld.add(elsewhere.get());
        } else {
            withheld.deliver(elsewhere.get());
        }
    }
}
