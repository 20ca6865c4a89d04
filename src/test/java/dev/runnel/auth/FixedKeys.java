package dev.runnel.auth;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys with chosen ids, signed with the secret of {@link AuthSettings}, and their revocation without a file. */
public final class FixedKeys {

    private static final long DAY_SECONDS = 86_400;

    private FixedKeys() {}

    /** A key that is valid for a day. */
    public static String token(String id, String plan, Instant issuedAt) {
        JsonObject claims = new JsonObject()
                .put("iss", "runnel")
                .put("aud", "runnel")
                .put("sub", "subject of " + id)
                .put("jti", id)
                .put("iat", issuedAt.getEpochSecond())
                .put("exp", issuedAt.getEpochSecond() + DAY_SECONDS)
                .put("plan", plan)
                .put("scope", Scope.format(Scope.ALL));
        String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64(signature(signed));
    }

    private static byte[] signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(AuthSettings.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Makes a revocation known to the process, as the watch of the key log does. */
    public static void revoke(Revocations revocations, String id) {
        revocations.add(id);
    }
}
