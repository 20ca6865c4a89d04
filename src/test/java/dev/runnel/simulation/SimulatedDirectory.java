package dev.runnel.simulation;

import dev.runnel.cluster.PlayedKeys;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.resume.GenerationDirectory;
import dev.runnel.resume.SharedKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The map of resumable generations, as one node uses it. */
final class SimulatedDirectory implements GenerationDirectory {

    /** As the real one. */
    private static final long GRID_ANSWERS_MILLIS = 2_000;

    private final String node;
    private final Vertx vertx;
    private final SimulatedGrid grid;
    private final BooleanSupplier whole;
    private final SharedKeys keys;

    SimulatedDirectory(String node, Vertx vertx, SimulatedGrid grid, BooleanSupplier whole) {
        this.node = node;
        this.vertx = vertx;
        this.grid = grid;
        this.whole = whole;
        this.keys = new PlayedKeys(node, grid.steps(node, vertx));
    }

    @Override
    public Future<Void> add(KeptEntry entry) {
        return grid.ask(node, vertx, () -> grid.generations().put(entry.generationId(), MessageCodecs.bytes(entry)))
                .timeout(GRID_ANSWERS_MILLIS, TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(late -> Future.succeededFuture());
    }

    @Override
    public void remove(String id, String guardian) {
        removeIf(id, entry -> entry.guardian().equals(guardian));
    }

    @Override
    public void forget(String id) {
        removeIf(id, orphan -> !isMember(orphan.node()));
    }

    private void removeIf(String id, Predicate<KeptEntry> isUnused) {
        grid.ask(
                node,
                vertx,
                () -> entry(id)
                        .filter(isUnused)
                        .map(unused -> grid.generations().remove(id)));
    }

    private Optional<KeptEntry> entry(String id) {
        return Optional.ofNullable(grid.generations().get(id)).map(MessageCodecs::keptEntry);
    }

    @Override
    public Future<Optional<KeptEntry>> find(String id) {
        return grid.ask(node, vertx, () -> entry(id)).timeout(GRID_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isMember(String other) {
        return grid.sees(node, other);
    }

    @Override
    public boolean isWhole() {
        return whole.getAsBoolean();
    }

    @Override
    public SharedKeys keys() {
        return keys;
    }
}
