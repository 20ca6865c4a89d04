package dev.runnel.cluster;

import dev.runnel.auth.Revocations;
import dev.runnel.message.Addresses;
import dev.runnel.message.Revoked;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a key that one node knows as revoked known to all. It is published to the nodes that are there, and kept in the
 * cluster's map for those that join later. Both are read and written again periodically, so that neither a lost message
 * nor a split of the cluster loses one. Belongs to the context that made it.
 */
final class SharedRevocations {

    private static final Logger LOG = LoggerFactory.getLogger(SharedRevocations.class);

    private static final String MAP = "runnel.revoked";
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration GRID_ANSWERS = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Context context;
    private final Revocations revocations;
    private final long keptMillis;
    /** Those that the map has, as far as this node knows. */
    private final Set<String> shared = new HashSet<>();

    private Runnable unsubscribe = () -> {};

    /** @param kept how long a revocation counts: the longest time for which a key is valid */
    SharedRevocations(Vertx vertx, Revocations revocations, Duration kept) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.revocations = revocations;
        this.keptMillis = kept.toMillis();
    }

    /** Completes when this node knows every key that the others know as revoked, and they know its own. */
    Future<Void> start() {
        return vertx.eventBus()
                .<Revoked>consumer(
                        Addresses.REVOKED, message -> learn(message.body().keyId()))
                .completion()
                .compose(listening -> exchange())
                .onSuccess(known -> {
                    unsubscribe = revocations.onRevoked(keyId -> context.runOnContext(turn -> publish(keyId)));
                    vertx.setPeriodic(AGAIN.toMillis(), again -> exchange().onFailure(SharedRevocations::warn));
                })
                .compose(known -> exchange());
    }

    void stop() {
        unsubscribe.run();
    }

    private static void warn(Throwable failure) {
        LOG.warn("the revoked keys of the cluster could not be read: {}", failure.getMessage());
    }

    private void learn(String keyId) {
        shared.add(keyId);
        revocations.add(keyId);
    }

    private void publish(String keyId) {
        if (shared.add(keyId)) {
            vertx.eventBus().publish(Addresses.REVOKED, new Revoked(keyId));
            map().compose(map -> map.put(keyId, true, keptMillis)).onFailure(failure -> shared.remove(keyId));
        }
    }

    private Future<Void> exchange() {
        return map().compose(map -> map.keys().compose(keys -> exchange(map, keys)))
                .timeout(GRID_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Void> exchange(AsyncMap<String, Boolean> map, Set<String> keys) {
        keys.forEach(this::learn);
        Set<String> missing = new HashSet<>(revocations.all());
        missing.removeAll(keys);
        Future<Void> written = Future.succeededFuture();
        for (String keyId : missing) {
            written = written.compose(before -> map.put(keyId, true, keptMillis));
        }
        return written.onSuccess(done -> shared.addAll(missing));
    }

    private Future<AsyncMap<String, Boolean>> map() {
        return vertx.sharedData().getClusterWideMap(MAP);
    }
}
