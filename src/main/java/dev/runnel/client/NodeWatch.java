package dev.runnel.client;

import dev.runnel.message.Cancel;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import io.vertx.core.Context;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the generations of one client do when a node is gone, or is heard. */
final class NodeWatch implements OtherNodes.Listener {

    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final int MAX_TRIES = 5;
    /** A heartbeat may come before messages that were sent earlier: it is another thread's. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Context context;
    private final String inbox;
    private final KnownGenerations generations;
    private final AcknowledgedEnds acknowledged;
    private final Supplier<@Nullable FurtherReaders> readers;

    /**
     * On the client's context.
     *
     * @param inbox the client's address
     * @param readers those of the client, if it has some
     */
    NodeWatch(
            Context context,
            String inbox,
            KnownGenerations generations,
            AcknowledgedEnds acknowledged,
            Supplier<@Nullable FurtherReaders> readers) {
        this.context = context;
        this.inbox = inbox;
        this.generations = generations;
        this.acknowledged = acknowledged;
        this.readers = readers;
    }

    @Override
    public void gone(String node, Set<String> generators) {
        context.runOnContext(turn -> {
            generations.forEachKnown(generation -> generation.gone(generators));
            FurtherReaders further = readers.get();
            if (further != null) {
                further.nodeGone(node);
            }
        });
    }

    @Override
    public void consumersGone(String node, OtherNodes.Absence absence) {
        context.runOnContext(turn -> {
            FurtherReaders further = readers.get();
            if (further != null) {
                further.readersGone(node, absence);
            }
            if (absence == OtherNodes.Absence.FROZEN) {
                generations.forEachRunning(generation -> generation.unheard(node));
            } else if (absence == OtherNodes.Absence.REMOVED) {
                generations.forEachKnown(known -> known.settling().mayBeRemoved());
                generations.cut(ClientFailures.cutOff());
            }
        });
    }

    @Override
    public void died(String node) {
        context.runOnContext(turn -> acknowledged.died(node));
    }

    @Override
    public void consumersBack(String node) {
        context.runOnContext(turn -> generations.forEachKnown(generation ->
                generation.heardAgain(node).ifPresent(left -> deliver(generation.generator(), left, MAX_TRIES))));
    }

    @Override
    public void sent(List<SentTexts> texts) {
        texts.stream()
                .filter(to -> to.inbox().equals(inbox))
                .forEach(to -> context.runOnContext(
                        turn -> context.owner().setTimer(LATE.toMillis(), passed -> compare(to.texts()))));
    }

    /** An exception of one generation's reader does not reach the others. */
    private void compare(List<SentText> texts) {
        texts.forEach(text -> context.runOnContext(turn -> compare(text)));
    }

    private void compare(SentText text) {
        ClientGeneration generation = generations.find(text.generationId());
        FurtherReaders further = readers.get();
        if (generation != null) {
            generation.compare(text);
        } else if (further != null) {
            further.compare(text);
        }
    }

    /** Sends until it is answered: the connection to a node that was cut off may be broken. */
    private void deliver(String generator, Cancel cancel, int tries) {
        var options = new DeliveryOptions().setSendTimeout(AGAIN.toMillis());
        context.owner().eventBus().request(generator, cancel, options).onFailure(silence -> {
            if (tries > 1) {
                context.owner().setTimer(AGAIN.toMillis(), passed -> deliver(generator, cancel, tries - 1));
            }
        });
    }
}
