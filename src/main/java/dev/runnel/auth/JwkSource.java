package dev.runnel.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JWK set that is read again on a schedule, and when a token names a key that it lacks, but then not more often than
 * {@link #PAUSE}: such tokens cost nothing to make. While what is read is bad, the keys of before stay.
 */
final class JwkSource implements KeySource {

    static final Duration PAUSE = Duration.ofSeconds(10);

    /** The whole of it: whoever sends a byte now and then must not hold up those who wait. */
    private static final int TIMEOUT_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(JwkSource.class);

    private final String issuer;
    private final Supplier<Future<String>> place;
    private final InstantSource clock;

    private volatile @Nullable KeySet keys;

    // Under this object's lock.
    private String text = "";
    private @Nullable Future<KeySet> underWay;
    private Instant lastRead = Instant.MIN;

    /**
     * A source that was not read yet.
     *
     * @param place reads the set's text
     */
    JwkSource(String issuer, Supplier<Future<String>> place, InstantSource clock) {
        this.issuer = issuer;
        this.place = place;
        this.clock = clock;
    }

    /** Reads it for the first time; fails with an {@link AuthSetupException} where it is bad. */
    Future<JwkSource> open() {
        return read().map(this)
                .recover(cause -> Future.failedFuture(new AuthSetupException(
                        "auth.trusted: the keys of " + issuer + " cannot be used: " + cause.getMessage(), cause)));
    }

    /** Reads it again every so often. Gives the timer. */
    long refreshEvery(Duration period, Vertx vertx) {
        return vertx.setPeriodic(period.toMillis(), timer -> reread());
    }

    @Override
    public KeySet current() {
        KeySet now = keys;
        if (now == null) {
            throw new IllegalStateException("Not open");
        }
        return now;
    }

    @Override
    public Future<KeySet> refreshed() {
        synchronized (this) {
            if (underWay == null && clock.instant().isBefore(lastRead.plus(PAUSE))) {
                return Future.succeededFuture(current());
            }
        }
        return reread();
    }

    private Future<KeySet> reread() {
        return read().recover(this::keepOldKeys);
    }

    private Future<KeySet> keepOldKeys(Throwable cause) {
        LOG.warn("The keys of issuer {} could not be read again, the old ones stay: {}", issuer, cause.getMessage());
        return Future.succeededFuture(current());
    }

    /** Whoever comes while it is being read waits for the same answer. */
    private Future<KeySet> read() {
        Promise<KeySet> answer = Promise.promise();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = answer.future();
            lastRead = clock.instant();
        }
        place.get().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).map(this::parsed).onComplete(result -> {
            synchronized (this) {
                underWay = null;
            }
            answer.handle(result);
        });
        return answer.future();
    }

    /** The same object for the same text, so that verified tokens stay remembered. */
    private synchronized KeySet parsed(String newText) {
        KeySet old = keys;
        if (old != null && newText.equals(text)) {
            return old;
        }
        KeySet read = JwkReader.read(newText);
        keys = read;
        text = newText;
        return read;
    }
}
