package dev.runnel.cluster;

import dev.runnel.auth.Revocations;
import dev.runnel.message.Addresses;
import dev.runnel.message.Revoked;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a key that one node knows as revoked known to all. It is published to the nodes that are there, and kept in the
 * cluster's map for those that join later. Both are read and written again periodically, so that neither a lost message
 * nor a split of the cluster loses one. A key is in the map for as long as it could be valid.
 */
final class SharedRevocations extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(SharedRevocations.class);

    static final String MAP = "runnel.revoked";
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration GRID_ANSWERS = Duration.ofSeconds(5);
    /** So many keys are written at the same time. Each batch has its own time. */
    private static final int BATCH = 500;

    private final Revocations revocations;
    private final Duration kept;
    private final LongSupplier nanos;
    /** When this node first saw a revoked key. Then every key that was issued before has expired after a known time. */
    private final Map<String, Long> seenNanos = new HashMap<>();

    private Runnable unsubscribe = () -> {};
    private boolean isExchanging;

    /**
     * Shares what one node knows.
     *
     * @param kept how long a revocation counts: the longest time for which a key is valid
     * @param nanos a monotonic clock, in nanoseconds
     */
    SharedRevocations(Revocations revocations, Duration kept, LongSupplier nanos) {
        this.revocations = revocations;
        this.kept = kept;
        this.nanos = nanos;
    }

    /** Completes when this node knows every key that the others know as revoked, and they know its own. */
    @Override
    public Future<?> start() {
        return vertx.eventBus()
                .<Revoked>consumer(
                        Addresses.REVOKED, message -> learn(message.body().keyId()))
                .completion()
                .compose(listening -> exchange())
                .onSuccess(known -> {
                    unsubscribe = revocations.onRevoked(keyId -> context.runOnContext(turn -> publish(keyId)));
                    vertx.setPeriodic(AGAIN.toMillis(), again -> exchangeAgain());
                })
                .compose(known -> exchange());
    }

    @Override
    public Future<?> stop() {
        unsubscribe.run();
        return Future.succeededFuture();
    }

    private void exchangeAgain() {
        if (!isExchanging) {
            isExchanging = true;
            exchange()
                    .onFailure(failure ->
                            LOG.warn("the revoked keys of the cluster could not be read: {}", failure.getMessage()))
                    .onComplete(done -> isExchanging = false);
        }
    }

    private void learn(String keyId) {
        see(keyId);
        revocations.add(keyId);
    }

    /** Returns whether it was not seen before. */
    private boolean see(String keyId) {
        return seenNanos.putIfAbsent(keyId, nanos.getAsLong()) == null;
    }

    /** If the write fails, the next exchange writes it. */
    private void publish(String keyId) {
        if (see(keyId)) {
            vertx.eventBus().publish(Addresses.REVOKED, new Revoked(keyId));
            map().compose(map -> write(map, List.of(keyId)))
                    .onFailure(failure -> LOG.debug("a revoked key is written later: {}", failure.getMessage()));
        }
    }

    private Future<Void> exchange() {
        return map().compose(map -> map.keys()
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                .compose(keys -> exchange(map, keys)));
    }

    private Future<Void> exchange(AsyncMap<String, Boolean> map, Set<String> keys) {
        keys.forEach(this::learn);
        Set<String> missing = new HashSet<>(revocations.all());
        missing.removeAll(keys);
        missing.forEach(this::see);
        missing.removeIf(this::isExpired);
        return writeAll(map, List.copyOf(missing));
    }

    /** The map has dropped it: the key has expired. */
    private boolean isExpired(String keyId) {
        return nanos.getAsLong() - seenNanos.getOrDefault(keyId, nanos.getAsLong()) > kept.toNanos();
    }

    private Future<Void> writeAll(AsyncMap<String, Boolean> map, List<String> keys) {
        if (keys.isEmpty()) {
            return Future.succeededFuture();
        }
        int batch = Math.min(BATCH, keys.size());
        return write(map, keys.subList(0, batch)).compose(written -> writeAll(map, keys.subList(batch, keys.size())));
    }

    private Future<Void> write(AsyncMap<String, Boolean> map, List<String> keys) {
        List<Future<?>> writes = new ArrayList<>();
        keys.forEach(keyId -> writes.add(map.put(keyId, true, kept.toMillis())));
        return Future.all(writes)
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    private Future<AsyncMap<String, Boolean>> map() {
        return vertx.sharedData()
                .<String, Boolean>getClusterWideMap(MAP)
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
