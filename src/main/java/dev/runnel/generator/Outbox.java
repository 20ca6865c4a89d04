package dev.runnel.generator;

import dev.runnel.client.Inbox;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Usage;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import java.util.Optional;

/** Numbers what one generation has to tell and sends it: to its consumer, and to whoever observes. */
final class Outbox {

    private final EventBus bus;
    private final String id;
    private final Inbox consumer;
    private final Optional<Observers> observers;
    private final Handler<Throwable> consumerGone;

    private long sequence;
    private int tokensWithoutText;
    private boolean told;

    /**
     * Writes to one consumer.
     *
     * @param observers where deltas are published
     * @param consumerGone runs when a delta found nobody at the inbox; perhaps within {@link #delta}
     */
    Outbox(EventBus bus, String id, Inbox consumer, Optional<Observers> observers, Runnable consumerGone) {
        this.bus = bus;
        this.id = id;
        this.consumer = consumer;
        this.observers = observers;
        this.consumerGone = failure -> consumerGone.run();
    }

    /** Sends a piece; one without text waits, so that its tokens go with the next one's. */
    void delta(EscapedText text, int tokens) {
        tokensWithoutText += tokens;
        if (text.isEmpty()) {
            return;
        }
        var delta = new Delta(id, sequence++, text, tokensWithoutText);
        tokensWithoutText = 0;
        consumer.send(delta).onFailure(consumerGone);
        if (observers.isPresent()) {
            observers.get().tell(delta);
        }
    }

    /** Tells the consumer how it ended; only the first call does. A consumer that is gone needs no end. */
    void end(Ending ending, Usage usage) {
        if (told) {
            return;
        }
        told = true;
        if (ending instanceof Ending.Done done) {
            consumer.send(new Finished(id, sequence, done.reason(), usage));
        } else if (ending instanceof Ending.Failed broken) {
            consumer.send(new Failed(id, sequence, broken.failure()));
        }
    }

    /** Sends the account to the consumer, as its last message, and to observers. */
    void ended(Ended ended) {
        consumer.send(ended);
        bus.publish(Addresses.ENDED, ended);
    }

    /** How many deltas were sent. */
    long deltas() {
        return sequence;
    }
}
