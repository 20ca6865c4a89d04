package dev.runnel.generator;

import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Usage;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageProducer;

/** Numbers what one generation has to tell and sends it: to its consumer, and to whoever observes. */
final class Outbox {

    private final EventBus bus;
    private final String id;
    private final boolean publishesDeltas;
    private final MessageProducer<InboxMessage> consumer;
    private final Handler<Throwable> consumerGone;

    private long sequence;
    private int tokensWithoutText;
    private boolean told;

    /** @param consumerGone runs when a delta found nobody at the inbox; perhaps within {@link #delta} */
    Outbox(EventBus bus, String id, String inbox, boolean publishesDeltas, Runnable consumerGone) {
        this.bus = bus;
        this.id = id;
        this.publishesDeltas = publishesDeltas;
        this.consumer = bus.sender(inbox);
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
        consumer.write(delta).onFailure(consumerGone);
        if (publishesDeltas) {
            bus.publish(Addresses.DELTAS, delta);
        }
    }

    /** Tells the consumer how it ended; only the first call does. A consumer that is gone needs no end. */
    void end(Ending ending, Usage usage) {
        if (told) {
            return;
        }
        told = true;
        if (ending instanceof Ending.Done done) {
            bus.send(consumer.address(), new Finished(id, sequence, done.reason(), usage));
        } else if (ending instanceof Ending.Broken broken) {
            bus.send(consumer.address(), new Failed(id, sequence, broken.failure()));
        }
    }

    /** Tells observers of the end. */
    void ended(Ended ended) {
        bus.publish(Addresses.ENDED, ended);
    }

    /** How many deltas were sent. */
    long deltas() {
        return sequence;
    }
}
