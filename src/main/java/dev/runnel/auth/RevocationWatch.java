package dev.runnel.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads new revocations from the registry's file into a running service, four times a second. While a revocation may be
 * missing, because a line or the whole file cannot be read, the revocations are incomplete and local keys are refused.
 */
final class RevocationWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);
    static final long PERIOD_MILLIS = 250;

    /** One failed read may be a passing one. */
    private static final int FAILURES_UNTIL_INCOMPLETE = 2;

    /**
     * Longer than any leeway: a key that expired earlier than this is refused anyway, so its revocation is not read
     * into memory.
     */
    private static final Duration KEPT_AFTER_EXPIRY = Duration.ofHours(1);

    private final Vertx vertx;
    private final KeyRegistry registry;
    private final Revocations revocations;
    private final InstantSource clock;
    private volatile long timer = -1;
    /** The last read, which may not have ended. */
    private Future<?> read = Future.succeededFuture();

    private boolean isStopped;

    // Used by one read at a time.
    private volatile Object lastMark = List.of();
    private volatile Object unfinishedMark = List.of();
    private volatile List<String> reported = List.of();
    private volatile boolean mayLackRevocations;
    private final AtomicInteger failures = new AtomicInteger();

    RevocationWatch(Vertx vertx, KeyRegistry registry, Revocations revocations, InstantSource clock) {
        this.vertx = vertx;
        this.registry = registry;
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Completes when all revocations so far are known. Fails when the file cannot be read. */
    Future<Void> start() {
        return vertx.executeBlocking(() -> {
                    readNew();
                    setComplete(!mayLackRevocations);
                    registry.create();
                    return null;
                })
                .onSuccess(done -> timer = vertx.setPeriodic(PERIOD_MILLIS, id -> check()))
                .mapEmpty();
    }

    /** Completes when no read is in progress any more, so that Vert.x may be closed. */
    synchronized Future<Void> stop() {
        isStopped = true;
        vertx.cancelTimer(timer);
        return read.mapEmpty();
    }

    private synchronized void check() {
        if (!isStopped && read.isComplete()) {
            read = vertx.executeBlocking(() -> {
                readAgain();
                return null;
            });
        }
    }

    private void readAgain() {
        try {
            readNew();
            failures.set(0);
        } catch (RuntimeException e) {
            if (failures.incrementAndGet() == FAILURES_UNTIL_INCOMPLETE) {
                LOG.error("New revocations cannot be read, all locally issued keys are refused: {}", e.getMessage());
            }
        }
        setComplete(!mayLackRevocations && failures.get() < FAILURES_UNTIL_INCOMPLETE);
    }

    private void readNew() {
        // Read before the events: what is written in between is read twice, and not missed.
        Object mark = registry.mark();
        if (mark.equals(lastMark)) {
            return;
        }
        // A last line without an end may be half of one that another process is writing. It counts in the next read.
        boolean isSettled = mark.equals(unfinishedMark);
        KeyRegistry.Contents contents = registry.read(isSettled);
        apply(contents);
        if (contents.isUnfinished() && !isSettled) {
            unfinishedMark = mark;
        } else {
            lastMark = mark;
        }
    }

    private void apply(KeyRegistry.Contents contents) {
        Instant oldest = clock.instant().minus(KEPT_AFTER_EXPIRY);
        contents.keys().stream()
                .filter(key -> key.revokedAt().isPresent())
                .filter(key -> key.expiresAt().map(end -> end.isAfter(oldest)).orElse(true))
                .map(KeyRecord::id)
                .forEach(revocations::add);
        mayLackRevocations = contents.mayLackRevocations();
        if (!contents.problems().equals(reported)) {
            contents.problems().forEach(mayLackRevocations ? LOG::error : LOG::warn);
            reported = contents.problems();
        }
    }

    private void setComplete(boolean complete) {
        if (complete && !revocations.isComplete()) {
            LOG.info("All revocations can be read again, locally issued keys are accepted");
        }
        revocations.setComplete(complete);
    }
}
