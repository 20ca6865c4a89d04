package dev.runnel.client;

import io.vertx.core.Context;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the generations of one client do when a node is gone, or is heard again. */
final class NodeWatch implements OtherNodes.Listener {

    private final Context context;
    private final KnownGenerations generations;
    private final AcknowledgedEnds acknowledged;
    private final Supplier<@Nullable FurtherReaders> readers;

    /**
     * On the client's context.
     *
     * @param readers those of the client, if it has some
     */
    NodeWatch(
            Context context,
            KnownGenerations generations,
            AcknowledgedEnds acknowledged,
            Supplier<@Nullable FurtherReaders> readers) {
        this.context = context;
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
                generations.forEachKnown(ClientGeneration::mayBeRemoved);
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
        context.runOnContext(turn -> generations.forEachKnown(generation -> generation
                .heardAgain(node)
                .ifPresent(left -> Delivery.send(context.owner(), generation.generator(), left))));
    }
}
