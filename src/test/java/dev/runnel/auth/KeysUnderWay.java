package dev.runnel.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keys of an issuer whose fetch lasts until the test completes it. A request with a token waits for it. */
public final class KeysUnderWay implements KeySource {

    private static final String ISSUER = "https://id.example/";

    private final ManualClock clock = new ManualClock();
    private final KeyPair pair = Forge.ed25519();
    private final Promise<Void> asked = Promise.promise();
    private final Promise<KeySet> arrived = Promise.promise();

    public Authenticator authenticator(Vertx vertx) {
        ClaimRules rules = new ClaimRules(ISSUER, "runnel", "", Duration.ZERO, Duration.ofDays(1));
        return new Authenticator(vertx, Map.of(ISSUER, new TrustedIssuer(rules, this)), new Revocations(), clock);
    }

    /** A token that is valid once the keys have arrived. */
    public String token(String plan) {
        String claims = Claims.good(ISSUER, clock.instant()).put("plan", plan).encode();
        return Forge.signed("EdDSA", Forge.header("EdDSA", "new"), claims, pair.getPrivate());
    }

    /** Completes when a request waits for the keys. */
    public Future<Void> asked() {
        return asked.future();
    }

    public void arrive() {
        JsonObject key = Forge.jwk("EdDSA", "new", pair.getPublic());
        arrived.complete(JwkReader.read(
                new JsonObject().put("keys", new JsonArray().add(key)).encode()));
    }

    @Override
    public KeySet current() {
        return arrived.future().succeeded() ? arrived.future().result() : new KeySet(List.of());
    }

    @Override
    public Future<KeySet> refreshed() {
        asked.tryComplete();
        return arrived.future();
    }
}
