package dev.runnel.generator;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Cancel;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ended generations of one generator whose texts are kept for other guardians. Their number has the bound of
 * {@link KeptRuns}, which drops the texts. For one context.
 */
final class EndedRuns {

    private final Vertx vertx;
    private final Optional<KeptRuns> runs;
    /** In the order of their ends. */
    private final Map<String, Ended> byId = new LinkedHashMap<>();

    /** @param timer forgets it after the retention time */
    private record Ended(Generation generation, long timer) {}

    /** @param runs where the texts are; empty without a cluster */
    EndedRuns(Vertx vertx, Optional<KeptRuns> runs) {
        this.vertx = vertx;
        this.runs = runs;
    }

    /** Knows one more, if its text is kept. Those whose texts were dropped meanwhile are not known any more. */
    void add(Generation generation) {
        if (runs.isPresent() && generation.isKept()) {
            long timer = vertx.setTimer(runs.get().retention().toMillis(), passed -> forget(generation));
            byId.put(generation.id(), new Ended(generation, timer));
            forgetDropped();
        }
    }

    /** Over a bound the oldest text is dropped first. */
    private void forgetDropped() {
        Iterator<Ended> oldest = byId.values().iterator();
        while (oldest.hasNext()) {
            Ended next = oldest.next();
            if (next.generation().isKept()) {
                return;
            }
            oldest.remove();
            forget(next);
        }
    }

    @Nullable
    Generation find(String id) {
        Ended known = byId.get(id);
        return known == null ? null : known.generation();
    }

    void consumersGone(String node, OtherNodes.Absence absence) {
        byId.values().forEach(known -> known.generation().consumersGone(node, absence));
    }

    /** Forgets the one that a cancel names; returns whether it had lost its guardian. */
    boolean cancel(Cancel cancel) {
        Generation ended = find(cancel.generationId());
        boolean isOwner = cancel.owner().isEmpty() || (ended != null && ended.belongsTo(cancel.owner()));
        if (ended == null || !isOwner) {
            return false;
        }
        boolean isOrphan = ended.isOrphan();
        boolean isOfGuardian = cancel.cause() == Cancel.Cause.CONSUMER_GONE && cancel.epoch() >= ended.epoch();
        if (isOrphan || isOfGuardian) {
            forget(ended);
        }
        return isOrphan;
    }

    /** Forgets one whose text was given away. */
    void adopted(Generation generation) {
        if (!generation.isKept()) {
            forget(generation);
        }
    }

    private void forget(Generation generation) {
        Ended known = byId.get(generation.id());
        if (known != null && known.generation() == generation) {
            byId.remove(generation.id());
            forget(known);
        }
    }

    private void forget(Ended known) {
        vertx.cancelTimer(known.timer());
        known.generation().forget();
    }
}
