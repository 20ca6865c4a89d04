package dev.runnel.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the caller of a request. Each verticle instance needs its own ({@link Keyring#authenticator}), because a
 * verifier holds a lock while it computes, up to 1 ms for ES256. Verified tokens are cached until they expire, their
 * key set changes or they are revoked.
 */
public final class Authenticator {

    /** The most tokens in the cache. Each uses about 0.5 KB. */
    static final int MAX_CACHED = 10_000;

    private final Vertx vertx;
    private final Map<String, TrustedIssuer> issuers;
    private final Revocations revocations;
    private final InstantSource clock;
    private final Cache<String, VerifiedToken> cache;
    /** Weak, so that a key set that was replaced takes its verifiers with it. */
    private final Map<VerificationKey, JWTAuth> verifiers = new WeakHashMap<>();

    /** A verified token, and the key set that verified it. */
    private record VerifiedToken(Caller caller, TrustedIssuer issuer, KeySet keys) {}

    Authenticator(Vertx vertx, Map<String, TrustedIssuer> issuers, Revocations revocations, InstantSource clock) {
        this.vertx = vertx;
        this.issuers = Map.copyOf(issuers);
        this.revocations = revocations;
        this.clock = clock;
        this.cache = Caffeine.newBuilder()
                .maximumSize(MAX_CACHED)
                .expireAfter(Expiry.creating(this::lifetime))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    /**
     * Verifies the key of a request.
     *
     * @param authorization the value of the {@code Authorization} header, {@code null} when it is missing
     * @return the caller, or a failure with an {@link AuthException}
     */
    public Future<Caller> authenticate(@Nullable String authorization) {
        try {
            String text = Token.bearer(authorization);
            String fingerprint = Token.fingerprint(text);
            VerifiedToken cached = cache.getIfPresent(fingerprint);
            if (cached != null && cached.keys() == cached.issuer().keys().current()) {
                return Future.succeededFuture(admitted(cached));
            }
            return verify(Token.parse(text))
                    .onSuccess(now -> cache.put(fingerprint, now))
                    .map(this::admitted);
        } catch (AuthException e) {
            return Future.failedFuture(e);
        }
    }

    private Caller admitted(VerifiedToken token) {
        if (revocations.contains(token.caller().keyId())) {
            throw new AuthException("The API key was revoked: ask for a new one");
        }
        if (token.issuer().rules().isLocal() && !revocations.isComplete()) {
            throw new AuthException(
                    "The service cannot read all revocations and refuses every key that it issued: ask its operator");
        }
        if (token.issuer().rules().isExpired(token.caller(), clock.instant())) {
            throw new AuthException("The API key has expired: ask for a new one");
        }
        return token.caller();
    }

    private Future<VerifiedToken> verify(Token token) {
        TrustedIssuer issuer = issuers.get(token.issuer());
        if (issuer == null) {
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
        KeySet keys = issuer.keys().current();
        return keys.find(token).isPresent()
                ? verify(token, issuer, keys)
                : onCallersContext(issuer.keys().refreshed()).compose(newer -> verify(token, issuer, newer));
    }

    private Future<VerifiedToken> verify(Token token, TrustedIssuer issuer, KeySet keys) {
        Optional<VerificationKey> key = keys.find(token);
        if (key.isEmpty()) {
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
        return checkSignature(token, key.get())
                .map(good -> new VerifiedToken(issuer.rules().read(token.payload(), clock.instant()), issuer, keys));
    }

    private Future<User> checkSignature(Token token, VerificationKey key) {
        try {
            return verifier(key)
                    .authenticate(new TokenCredentials(token.text()))
                    .recover(cause -> Future.failedFuture(new AuthException(Token.NOT_VALID)));
        } catch (RuntimeException e) {
            // Vert.x 5.0.12 throws, after a valid signature, when exp is not a number.
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
    }

    /** Key sets are shared: a refresh may complete on the context of the request that started it. */
    private static <T> Future<T> onCallersContext(Future<T> future) {
        Context context = Vertx.currentContext();
        if (context == null || future.isComplete()) {
            return future;
        }
        Promise<T> here = Promise.promise();
        future.onComplete(result -> context.runOnContext(run -> here.handle(result)));
        return here.future();
    }

    private JWTAuth verifier(VerificationKey key) {
        synchronized (verifiers) {
            return verifiers.computeIfAbsent(key, one -> one.verifier(vertx));
        }
    }

    private Duration lifetime(String fingerprint, VerifiedToken token) {
        Instant end = token.caller().expiresAt().plus(token.issuer().rules().leeway());
        return Duration.between(clock.instant(), end);
    }
}
