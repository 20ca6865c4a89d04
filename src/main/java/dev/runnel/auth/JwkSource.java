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
 * A JWK set that is read again periodically, and when a token names an unknown key. Such tokens cost nothing to make,
 * so that happens at most once per {@link #PAUSE}. When a read fails, the old keys stay valid.
 */
final class JwkSource implements KeySource {

    static final Duration PAUSE = Duration.ofSeconds(10);

    /** For the whole read: a server that sends a byte now and then must not delay the waiting requests. */
    private static final int TIMEOUT_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(JwkSource.class);

    private final String issuer;
    private final Supplier<Future<String>> place;
    private final InstantSource clock;

    private volatile @Nullable KeySet keys;

    // Guarded by this object's lock.
    private String text = "";
    private @Nullable Future<KeySet> pending;
    private Instant lastRead = Instant.MIN;

    /**
     * Makes a source without reading it.
     *
     * @param place reads the text of the set
     */
    JwkSource(String issuer, Supplier<Future<String>> place, InstantSource clock) {
        this.issuer = issuer;
        this.place = place;
        this.clock = clock;
    }

    /** Reads the set for the first time. Fails with an {@link AuthSetupException} when it cannot be used. */
    Future<JwkSource> open() {
        return read().map(this)
                .recover(cause -> Future.failedFuture(new AuthSetupException(
                        "auth.trusted: the keys of " + issuer + " cannot be used: " + cause.getMessage(), cause)));
    }

    /** Starts to read the set periodically. Returns the id of the timer. */
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
            if (pending == null && clock.instant().isBefore(lastRead.plus(PAUSE))) {
                return Future.succeededFuture(current());
            }
        }
        return reread();
    }

    private Future<KeySet> reread() {
        return read().recover(this::keepOldKeys);
    }

    private Future<KeySet> keepOldKeys(Throwable cause) {
        LOG.warn("The keys of issuer {} cannot be read again, the old keys stay valid: {}", issuer, cause.getMessage());
        return Future.succeededFuture(current());
    }

    /** Calls during a read share its result. */
    private Future<KeySet> read() {
        Promise<KeySet> answer = Promise.promise();
        synchronized (this) {
            if (pending != null) {
                return pending;
            }
            pending = answer.future();
            lastRead = clock.instant();
        }
        place.get().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).map(this::parsed).onComplete(result -> {
            synchronized (this) {
                pending = null;
            }
            answer.handle(result);
        });
        return answer.future();
    }

    /** The same object for the same text, so that verified tokens stay in the cache. */
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
