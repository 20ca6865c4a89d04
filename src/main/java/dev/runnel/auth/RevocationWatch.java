package dev.runnel.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads new revocations from the registry's file into a running service, four times a second. */
final class RevocationWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);
    private static final long PERIOD_MILLIS = 250;

    /**
     * Longer than any leeway: a key that expired before this is refused anyway, so its revocation is not kept in
     * memory.
     */
    private static final Duration KEPT_AFTER_EXPIRY = Duration.ofHours(1);

    private final Vertx vertx;
    private final KeyRegistry registry;
    private final Revocations revocations;
    private final InstantSource clock;
    private final AtomicBoolean reading = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long timer = -1;
    private volatile Object lastMark = List.of();

    RevocationWatch(Vertx vertx, KeyRegistry registry, Revocations revocations, InstantSource clock) {
        this.vertx = vertx;
        this.registry = registry;
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Completes when all revocations so far are known. Fails when they cannot be read. */
    Future<Void> start() {
        return read().onSuccess(done -> timer = vertx.setPeriodic(PERIOD_MILLIS, id -> check()));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void check() {
        if (reading.compareAndSet(false, true)) {
            read().onComplete(done -> reading.set(false))
                    .onSuccess(done -> failing.set(false))
                    .onFailure(this::logOnce);
        }
    }

    private Future<Void> read() {
        return vertx.executeBlocking(this::readNew)
                .onSuccess(ids -> ids.forEach(revocations::add))
                .mapEmpty();
    }

    private List<String> readNew() {
        // Read before the events: what is written in between is read twice, and not missed.
        Object mark = registry.mark();
        if (mark.equals(lastMark)) {
            return List.of();
        }
        Instant oldest = clock.instant().minus(KEPT_AFTER_EXPIRY);
        List<String> ids = registry.list().stream()
                .filter(key -> key.revokedAt().isPresent())
                .filter(key -> key.expiresAt().map(end -> end.isAfter(oldest)).orElse(true))
                .map(KeyRecord::id)
                .toList();
        lastMark = mark;
        return ids;
    }

    private void logOnce(Throwable failure) {
        // Once, not four times a second. The known revocations stay valid.
        if (failing.compareAndSet(false, true)) {
            LOG.error(
                    "New revocations of keys cannot be read, keys revoked now stay valid here: {}",
                    failure.getMessage());
        }
    }
}
