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
 * Tells who calls. Have one per verticle instance ({@link Keyring#authenticator}): a verifier locks while it computes, up to
 * 1 ms for ES256. Tokens that were found good are remembered until they end, their key set changes or they are revoked.
 */
public final class Authenticator {

    /** Tokens that are remembered, at most; about 0.5 KB each. */
    static final int MAX_REMEMBERED = 10_000;

    private final Vertx vertx;
    private final Map<String, TrustedIssuer> issuers;
    private final Revocations revocations;
    private final InstantSource clock;
    private final Cache<String, Known> known;
    private final Map<VerificationKey, JWTAuth> verifiers = new WeakHashMap<>();

    /** A token that was verified, and with which keys. */
    private record Known(Caller caller, TrustedIssuer issuer, KeySet keys) {}

    Authenticator(Vertx vertx, Map<String, TrustedIssuer> issuers, Revocations revocations, InstantSource clock) {
        this.vertx = vertx;
        this.issuers = Map.copyOf(issuers);
        this.revocations = revocations;
        this.clock = clock;
        this.known = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfter(Expiry.creating(this::rest))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    /**
     * Tells whose key a request has.
     *
     * @param authorization the value of the {@code Authorization} header, {@code null} where there is none
     * @return the caller, or a failure with an {@link AuthException}
     */
    public Future<Caller> authenticate(@Nullable String authorization) {
        try {
            String text = Token.bearer(authorization);
            String fingerprint = Token.fingerprint(text);
            Known before = known.getIfPresent(fingerprint);
            if (before != null && before.keys() == before.issuer().keys().current()) {
                return Future.succeededFuture(admitted(before));
            }
            return verified(Token.parse(text))
                    .onSuccess(now -> known.put(fingerprint, now))
                    .map(this::admitted);
        } catch (AuthException e) {
            return Future.failedFuture(e);
        }
    }

    private Caller admitted(Known token) {
        if (revocations.contains(token.caller().keyId())) {
            throw new AuthException("The API key was revoked: ask for a new one");
        }
        if (token.issuer().rules().isOver(token.caller(), clock.instant())) {
            throw new AuthException("The API key has expired: ask for a new one");
        }
        return token.caller();
    }

    private Future<Known> verified(Token token) {
        TrustedIssuer issuer = issuers.get(token.issuer());
        if (issuer == null) {
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
        KeySet keys = issuer.keys().current();
        return keys.find(token).isPresent()
                ? verified(token, issuer, keys)
                : onCallersContext(issuer.keys().refreshed()).compose(newer -> verified(token, issuer, newer));
    }

    private Future<Known> verified(Token token, TrustedIssuer issuer, KeySet keys) {
        Optional<VerificationKey> key = keys.find(token);
        if (key.isEmpty()) {
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
        return signatureChecked(token, key.get())
                .map(good -> new Known(issuer.rules().read(token.payload(), clock.instant()), issuer, keys));
    }

    private Future<User> signatureChecked(Token token, VerificationKey key) {
        try {
            return verifier(key)
                    .authenticate(new TokenCredentials(token.text()))
                    .recover(cause -> Future.failedFuture(new AuthException(Token.NOT_VALID)));
        } catch (RuntimeException e) {
            // Vert.x 5.0.12 throws, behind a good signature, where exp is no number.
            return Future.failedFuture(new AuthException(Token.NOT_VALID));
        }
    }

    /** Key sets are shared: they may come from the thread of whoever asked first. */
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

    private Duration rest(String fingerprint, Known token) {
        Instant end = token.caller().expiresAt().plus(token.issuer().rules().leeway());
        return Duration.between(clock.instant(), end);
    }
}
