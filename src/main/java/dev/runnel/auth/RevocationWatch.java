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

/** Carries revocations from the registry's file into a running service, four times a second. */
final class RevocationWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);
    private static final long PERIOD_MILLIS = 250;

    /** A key that ended longer ago than any leeway is refused without our help: its revocation need not be kept in memory. */
    private static final Duration KEPT_AFTER_EXPIRY = Duration.ofHours(1);

    private final Vertx vertx;
    private final KeyRegistry registry;
    private final Revocations revocations;
    private final InstantSource clock;
    private final AtomicBoolean reading = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long timer = -1;
    private volatile Object seen = List.of();

    RevocationWatch(Vertx vertx, KeyRegistry registry, Revocations revocations, InstantSource clock) {
        this.vertx = vertx;
        this.registry = registry;
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Knows all revocations so far when it completes; fails where they cannot be read. */
    Future<Void> start() {
        return read().onSuccess(done -> timer = vertx.setPeriodic(PERIOD_MILLIS, id -> look()));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        if (reading.compareAndSet(false, true)) {
            read().onComplete(done -> reading.set(false))
                    .onSuccess(done -> failing.set(false))
                    .onFailure(this::complain);
        }
    }

    private Future<Void> read() {
        return vertx.executeBlocking(this::readNew)
                .onSuccess(ids -> ids.forEach(revocations::add))
                .mapEmpty();
    }

    private List<String> readNew() {
        // Before the events: what is written in between is then read twice, and not missed.
        Object mark = registry.mark();
        if (mark.equals(seen)) {
            return List.of();
        }
        Instant ended = clock.instant().minus(KEPT_AFTER_EXPIRY);
        List<String> ids = registry.list().stream()
                .filter(key -> key.revokedAt().isPresent())
                .filter(key -> key.expiresAt().map(end -> end.isAfter(ended)).orElse(true))
                .map(KeyRecord::id)
                .toList();
        seen = mark;
        return ids;
    }

    private void complain(Throwable failure) {
        // Once, not four times a second; the revocations that are known go on to hold.
        if (failing.compareAndSet(false, true)) {
            LOG.error("New revocations of keys cannot be read: {}", failure.getMessage());
        }
    }
}
