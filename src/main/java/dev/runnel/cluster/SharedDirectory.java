package dev.runnel.cluster;

import dev.runnel.message.KeptEntry;
import dev.runnel.message.codec.MalformedMessageException;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.resume.GenerationDirectory;
import dev.runnel.resume.SharedKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's map of resumable generations: one entry for each, under its id. Futures complete on the calling
 * context.
 */
final class SharedDirectory implements GenerationDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(SharedDirectory.class);

    private static final String MAP = "runnel.generations";
    /** A frozen member holds a part of the map until it is removed. A request does not wait for that. */
    private static final Duration GRID_ANSWERS = Duration.ofSeconds(2);
    /** An entry whose guardian has died without removing it is dropped after this time. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final Vertx vertx;
    private final SharedKeys keys;
    private final Predicate<String> members;
    private final BooleanSupplier whole;

    /**
     * @param members whether a node is a member; must not block
     * @param whole whether there are enough members; must not block
     */
    SharedDirectory(Vertx vertx, SharedKeys keys, Predicate<String> members, BooleanSupplier whole) {
        this.vertx = vertx;
        this.keys = keys;
        this.members = members;
        this.whole = whole;
    }

    @Override
    public boolean isMember(String node) {
        return members.test(node);
    }

    @Override
    public boolean isWhole() {
        return whole.getAsBoolean();
    }

    @Override
    public SharedKeys keys() {
        return keys;
    }

    @Override
    public Future<Void> add(KeptEntry entry) {
        return map().compose(map -> map.put(entry.generationId(), MessageCodecs.bytes(entry), KEPT.toMillis()))
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> {
                    LOG.warn("a generation cannot be resumed on other nodes: {}", failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    @Override
    public void remove(String id, String guardian) {
        removeIf(id, entry -> entry.guardian().equals(guardian));
    }

    private void removeIf(String id, Predicate<KeptEntry> isUnused) {
        map().compose(map -> map.get(id)
                        .compose(bytes -> bytes != null && isUnused.test(MessageCodecs.keptEntry(bytes))
                                ? map.removeIfPresent(id, bytes)
                                : Future.succeededFuture(false)))
                .onFailure(failure -> LOG.debug("an entry of the cluster's map stays: {}", failure.getMessage()));
    }

    @Override
    public void forget(String id) {
        removeIf(id, orphan -> !isMember(orphan.node()));
    }

    @Override
    public Future<Optional<KeptEntry>> find(String id) {
        return map().compose(map -> map.get(id))
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                .map(bytes -> Optional.ofNullable(bytes).map(MessageCodecs::keptEntry))
                .onFailure(failure -> {
                    String what = failure instanceof MalformedMessageException ? "read" : "looked up";
                    LOG.warn("a generation could not be {} in the cluster's map: {}", what, failure.getMessage());
                });
    }

    private Future<AsyncMap<String, byte[]>> map() {
        return vertx.sharedData().getClusterWideMap(MAP);
    }
}
