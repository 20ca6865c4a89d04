package dev.runnel.generator;

import dev.runnel.message.Addresses;
import dev.runnel.message.Adopt;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.net.OnContext;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.PartKind;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Numbers the messages of one generation and sends them to its consumer and to observers. For one context. */
final class Outbox {

    private final Context context;
    private final String id;
    private final Recipient consumer;
    private final Optional<Observers> observers;

    private int epoch;
    private long sequence;
    private int tokensWithoutText;
    private TokenIds idsWithoutText = TokenIds.NONE;
    /** Text that waits until the consumer's node reads. Its tokens are counted as those without text. */
    private final List<EscapedText> folded = new ArrayList<>(0);

    private final Runnable unfold = this::sendFolded;
    private boolean endIsSent;

    /**
     * Writes to one consumer.
     *
     * @param context the generator's, on which every method is called
     * @param observers where deltas and parts are published
     */
    Outbox(Context context, Run run, Recipient consumer, Optional<Observers> observers) {
        this.context = context;
        this.id = run.id();
        this.epoch = run.epoch();
        this.sequence = run.sequence();
        this.consumer = consumer;
        this.observers = observers;
    }

    /**
     * The run of a generation.
     *
     * @param epoch how often the generation was continued
     * @param sequence the number of its first message
     */
    record Run(String id, int epoch, long sequence) {}

    /**
     * Sends a piece. The tokens of a piece without text are added to the next piece with text. While too much is under
     * way to the consumer's node, pieces are folded into one.
     *
     * @param ids of the tokens that are complete with the text, if the consumer needs them
     */
    void send(EscapedText text, int tokens, TokenIds ids) {
        assert OnContext.check(context);
        tokensWithoutText += tokens;
        idsWithoutText = idsWithoutText.with(ids);
        if (text.isEmpty()) {
            return;
        }
        if (!folded.isEmpty()) {
            folded.add(text);
        } else if (consumer.isFull()) {
            folded.add(text);
            consumer.whenWritable(unfold);
        } else {
            send(text);
        }
    }

    private void sendFolded() {
        if (!folded.isEmpty()) {
            EscapedText text = EscapedText.join(folded);
            folded.clear();
            send(text);
        }
    }

    private void send(EscapedText text) {
        var delta = new Delta(id, sequence++, text, tokensWithoutText, epoch, idsWithoutText);
        tokensWithoutText = 0;
        idsWithoutText = TokenIds.NONE;
        send(delta);
    }

    /** Sends what is not text, with the tokens of the pieces without text before it. */
    void send(PartKind kind, String json, int tokens) {
        assert OnContext.check(context);
        sendFolded();
        var part = new Part(id, sequence++, kind, json, tokensWithoutText + tokens, epoch);
        tokensWithoutText = 0;
        send(part);
    }

    private void send(NumberedMessage message) {
        consumer.send(message);
        if (observers.isPresent()) {
            observers.get().publish(message);
        }
    }

    /** Sends the end to the consumer; only the first call does. A consumer that has left gets none. */
    void sendEnd(Ending ending, Usage usage) {
        assert OnContext.check(context);
        if (endIsSent) {
            return;
        }
        endIsSent = true;
        if (ending instanceof Ending.Done || ending instanceof Ending.Failed) {
            sendFolded();
        }
        folded.clear();
        if (ending instanceof Ending.Done done) {
            consumer.sendLast(new Finished(id, sequence, done.reason(), usage, epoch));
        } else if (ending instanceof Ending.Failed failed) {
            consumer.sendLast(new Failed(id, sequence, failed.failure(), epoch));
        } else if (ending instanceof Ending.Unheard unheard) {
            consumer.sendLast(new Failed(id, sequence, unheard.failure(), epoch));
        } else if (ending instanceof Ending.HandedOver) {
            consumer.sendLast(new Failed(id, sequence, Failure.draining(), epoch));
        }
    }

    /** Sends the record of the end to the consumer, as its last message, and publishes it to observers. */
    void publish(Ended ended) {
        assert OnContext.check(context);
        consumer.sendLast(ended);
        context.owner().eventBus().publish(Addresses.ENDED, ended);
    }

    /**
     * Sends the record of the end to a consumer on another node, as its last message.
     *
     * @return as {@link Recipient#deliver}
     */
    Future<Runnable> deliver(Ended ended) {
        assert OnContext.check(context);
        return consumer.deliver(ended);
    }

    /** The place on another node that has the consumer. It decides about an end, which may not reach it. */
    Optional<WithheldEnds.Place> elsewhere() {
        return consumer.node().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new WithheldEnds.Place(consumer.isElsewhere() ? consumer.node() : "", consumer.address()));
    }

    /** As {@link Recipient#isDoubtful}. */
    boolean isDoubtful() {
        return consumer.isDoubtful();
    }

    /**
     * Replies to a client that wants to be the guardian. Its messages are of the next epoch, so it does not mistake
     * older ones for them.
     *
     * @return whether it is the guardian now; else there is no reply
     */
    boolean adopt(Message<Object> message, Adopt adopt) {
        assert OnContext.check(context);
        if (!consumer.adopt(message, adopt, new Recipient.Next(epoch + 1, sequence), unfold)) {
            return false;
        }
        epoch++;
        sendFolded();
        return true;
    }

    int epoch() {
        return epoch;
    }

    /** No more is sent. */
    void close() {
        consumer.leave(unfold);
    }

    /** How many deltas and parts were sent, those of earlier runs included. */
    long deltas() {
        return sequence;
    }
}
