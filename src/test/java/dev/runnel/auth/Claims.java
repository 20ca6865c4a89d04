package dev.runnel.auth;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The claims of a good key, to be spoilt. */
final class Claims {

    private Claims() {}

    static JsonObject good(String issuer, Instant now) {
        return new JsonObject()
                .put("iss", issuer)
                .put("aud", "runnel")
                .put("sub", "alice")
                .put("jti", "key_1")
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + 3600)
                .put("plan", "standard")
                .put("scope", "generate observe");
    }
}
