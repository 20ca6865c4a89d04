package dev.runnel.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tokens that of an attacker, and the valid ones that they are made from. */
final class Attacks {

    private static final byte[] SECRET = AuthSettings.SECRET.getBytes(UTF_8);
    private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final InstantSource clock;
    private final KeyPair rsa;

    /**
     * Attacks on a service that trusts its own secret and an issuer {@code ci}.
     *
     * @param rsa the issuer's key {@code rsa-1}, for RS256; it has another one, {@code ec-1}, for ES256
     */
    Attacks(InstantSource clock, KeyPair rsa) {
        this.clock = clock;
        this.rsa = rsa;
    }

    /** Each attack by its name. */
    Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        addUnsigned(table);
        addConfusedAlgorithms(table);
        addHeaderTricks(table);
        addTimes(table);
        addClaims(table);
        addShapes(table);
        addForgedSignatures(table);
        addOtherSpellings(table, "HS256", local(claims -> {}), 2);
        addOtherSpellings(table, "RS256", ci(claims -> {}), 4);
        return table;
    }

    String local(Consumer<JsonObject> spoil) {
        JsonObject claims = Claims.good("runnel", clock.instant());
        spoil.accept(claims);
        return Forge.hmac(HS256, claims.encode(), SECRET);
    }

    String ci(Consumer<JsonObject> spoil) {
        JsonObject claims = Claims.good("ci", clock.instant());
        spoil.accept(claims);
        return Forge.signed("RS256", Forge.header("RS256", "rsa-1"), claims.encode(), rsa.getPrivate());
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    private void addUnsigned(Map<String, String> table) {
        String payload = Forge.base64(Claims.good("runnel", clock.instant()).encode());
        for (String none : List.of("none", "None", "NONE", "nOnE", "none ", "", "\\u0000none", "HS256\\u0000")) {
            String header = Forge.base64("{\"alg\":\"" + none + "\"}");
            table.put("alg '" + none + "' without a signature", header + "." + payload + ".");
            table.put("alg '" + none + "' in two parts", header + "." + payload);
            table.put("alg '" + none + "' with any signature", header + "." + payload + ".AAAA");
            table.put(
                    "alg '" + none + "' signed with the secret",
                    Forge.hmac("{\"alg\":\"" + none + "\"}", goodClaims(), SECRET));
        }
        table.put("no alg", Forge.hmac("{\"typ\":\"JWT\"}", goodClaims(), SECRET));
        table.put("alg null", Forge.hmac("{\"alg\":null}", goodClaims(), SECRET));
        table.put("alg a number", Forge.hmac("{\"alg\":256}", goodClaims(), SECRET));
        table.put("alg a list", Forge.hmac("{\"alg\":[\"HS256\"]}", goodClaims(), SECRET));
        table.put("alg in lower case", Forge.hmac("{\"alg\":\"hs256\"}", goodClaims(), SECRET));
        table.put("alg twice, none last", Forge.hmac("{\"alg\":\"HS256\",\"alg\":\"none\"}", goodClaims(), SECRET));
        table.put("signature emptied", cut(local(claims -> {}), 1 << 20));
    }

    private void addConfusedAlgorithms(Map<String, String> table) {
        byte[] pem = PublicKeys.toPem(rsa.getPublic()).getBytes(UTF_8);
        String claims = Claims.good("ci", clock.instant()).encode();
        String kid = "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}";
        table.put("HMAC made with the public key's PEM", Forge.hmac(kid, claims, pem));
        table.put("HMAC made with the PEM, kid of none", Forge.hmac(HS256, claims, pem));
        table.put(
                "HMAC made with the public key's DER",
                Forge.hmac(kid, claims, rsa.getPublic().getEncoded()));
        table.put("HMAC made with the local secret for another issuer", Forge.hmac(HS256, claims, SECRET));
        table.put("HMAC with an empty secret's bytes", Forge.hmac(HS256, goodClaims(), new byte[1]));
        table.put(
                "another issuer's key for the local issuer",
                Forge.signed("RS256", Forge.header("RS256", "rsa-1"), goodClaims(), rsa.getPrivate()));
        table.put(
                "PS256 with a key that is for RS256",
                Forge.signed("PS256", Forge.header("PS256", "rsa-1"), claims, rsa.getPrivate()));
        table.put(
                "RS256 token that says ES256",
                Forge.signed("RS256", Forge.header("ES256", "ec-1"), claims, rsa.getPrivate()));
        table.put(
                "kid of another kind of key",
                Forge.signed("RS256", Forge.header("RS256", "ec-1"), claims, rsa.getPrivate()));
        table.put("RS384", Forge.signed("RS256", Forge.header("RS384", "rsa-1"), claims, rsa.getPrivate()));
    }

    private void addHeaderTricks(Map<String, String> table) {
        KeyPair mallory = Forge.rsa(2048);
        String claims = Claims.good("ci", clock.instant()).encode();
        JsonObject header = new JsonObject(Forge.header("RS256", "rsa-1"));
        JsonObject jwk = Forge.jwk("RS256", "rsa-1", mallory.getPublic());
        String own = Forge.base64(mallory.getPublic().getEncoded());
        Map<String, Object> tricks = Map.of(
                "jwk",
                jwk,
                "jku",
                "https://mallory.example/keys",
                "x5u",
                "https://mallory.example/cert",
                "x5c",
                JsonArray.of(own),
                "x5t",
                own);
        tricks.forEach((name, value) -> table.put(
                name + " that brings a key",
                Forge.signed("RS256", header.copy().put(name, value).encode(), claims, mallory.getPrivate())));
        for (Object crit : List.of(JsonArray.of("b64"), JsonArray.of("exp"), new JsonArray(), "b64")) {
            String critical = header.copy().put("crit", crit).put("b64", false).encode();
            table.put("crit " + crit, Forge.signed("RS256", critical, claims, rsa.getPrivate()));
        }
        for (String kid : List.of("", "rsa-2", "../../dev/null", "rsa-1' OR '1'='1", "/etc/passwd", "x".repeat(5000))) {
            String named = header.copy().put("kid", kid).encode();
            table.put("kid '" + cut(kid) + "'", Forge.signed("RS256", named, claims, rsa.getPrivate()));
        }
        String number = header.copy().put("kid", 1).encode();
        table.put("kid a number", Forge.signed("RS256", number, claims, rsa.getPrivate()));
    }

    private void addTimes(Map<String, String> table) {
        table.put("no exp", local(claims -> claims.remove("exp")));
        table.put("exp null", local(claims -> claims.putNull("exp")));
        for (Object exp : List.of("" + (now() + 3600), "never", true, new JsonArray(), new JsonObject(), -1, 0)) {
            table.put("exp " + exp + " " + exp.getClass().getSimpleName(), local(claims -> claims.put("exp", exp)));
        }
        table.put("exp in the past", local(claims -> claims.put("exp", now() - 10)));
        table.put("exp far in the future", local(claims -> claims.put("exp", now() + 10L * 365 * 86400)));
        table.put("exp in the year 292277026596", local(claims -> claims.put("exp", Long.MAX_VALUE)));
        table.put("exp beyond a long", raw("\"exp\":1e300"));
        table.put("exp with a hundred digits", raw("\"exp\":" + "9".repeat(100)));
        table.put("exp NaN", raw("\"exp\":NaN"));
        table.put("exp twice, the first one past", raw("\"exp\":1,\"exp\":\"x\""));
        table.put("no iat", local(claims -> claims.remove("iat")));
        table.put("iat a text", local(claims -> claims.put("iat", "1")));
        table.put("iat in the future", local(claims -> claims.put("iat", now() + 60)));
        table.put(
                "iat so late that exp seems near",
                local(claims -> claims.put("iat", now() + 9L * 365 * 86400).put("exp", now() + 10L * 365 * 86400)));
        table.put("nbf in the future", local(claims -> claims.put("nbf", now() + 11)));
        table.put(
                "iat in the future after an nbf in the past",
                local(claims -> claims.put("iat", now() + 60).put("nbf", now() - 60)));
        table.put("nbf a text", local(claims -> claims.put("nbf", "0")));
    }

    private void addClaims(Map<String, String> table) {
        for (String claim : List.of("iss", "aud", "sub", "jti", "plan", "scope")) {
            table.put("no " + claim, local(claims -> claims.remove(claim)));
            table.put(claim + " null", local(claims -> claims.putNull(claim)));
            table.put(claim + " a number", local(claims -> claims.put(claim, 1)));
            table.put(claim + " an object", local(claims -> claims.put(claim, new JsonObject())));
            table.put(claim + " empty", local(claims -> claims.put(claim, "")));
            table.put(claim + " with a line end", local(claims -> claims.put(claim, "runnel\n")));
        }
        table.put("wrong iss", local(claims -> claims.put("iss", "other")));
        table.put("iss in upper case", local(claims -> claims.put("iss", "RUNNEL")));
        table.put("wrong aud", local(claims -> claims.put("aud", "other")));
        table.put("aud a list without us", local(claims -> claims.put("aud", JsonArray.of("other"))));
        table.put("aud an empty list", local(claims -> claims.put("aud", new JsonArray())));
        table.put("aud a list in a list", local(claims -> claims.put("aud", JsonArray.of(JsonArray.of("runnel")))));
        table.put("jti of 5000 characters", local(claims -> claims.put("jti", "x".repeat(5000))));
        table.put("sub with an escape for the terminal", local(claims -> claims.put("sub", "\u001b[2J")));
        table.put("sub that turns the line around", local(claims -> claims.put("sub", "\u202eecila")));
        table.put("narrowing of zero", local(claims -> claims.put("maxTokens", 0)));
        table.put("narrowing below zero", local(claims -> claims.put("requestsPerMinute", -5)));
        table.put("narrowing too large", local(claims -> claims.put("tokensPerMinute", Integer.MAX_VALUE)));
        table.put("narrowing a fraction", local(claims -> claims.put("concurrentGenerations", 1.5)));
        table.put("narrowing a text", local(claims -> claims.put("maxTokens", "9")));
        table.put("narrowing null", local(claims -> claims.putNull("maxTokens")));
        table.put("models a text", local(claims -> claims.put("models", "tiny")));
        table.put("models of numbers", local(claims -> claims.put("models", JsonArray.of(1))));
    }

    private void addShapes(Map<String, String> table) {
        String good = local(claims -> {});
        String[] parts = good.split("\\.", -1);
        table.put("one character less", cut(good, 1));
        table.put("half of it", good.substring(0, good.length() / 2));
        table.put("doubled", good + good);
        table.put("doubled with a dot", good + "." + good);
        table.put("doubled with a comma", good + "," + good);
        table.put("a fourth part", good + ".AAAA");
        table.put("a dot at the end", good + ".");
        table.put("five parts (JWE)", good + ".AAAA.AAAA");
        table.put("padding", good + "==");
        table.put("only dots", "..");
        table.put("no dots", "AAAA");
        table.put("header and payload swapped", parts[1] + "." + parts[0] + "." + parts[2]);
        table.put("header that is no JSON", Forge.base64("HS256") + "." + parts[1] + "." + parts[2]);
        table.put("header that is a list", Forge.base64("[1]") + "." + parts[1] + "." + parts[2]);
        table.put("header that is null", Forge.base64("null") + "." + parts[1] + "." + parts[2]);
        table.put("payload that is no JSON", Forge.hmac(HS256, "{\"iss\":", SECRET));
        table.put("payload that is a list", Forge.hmac(HS256, "[]", SECRET));
        table.put("payload that is null", Forge.hmac(HS256, "null", SECRET));
        table.put("payload nested a thousand deep", Forge.hmac(HS256, "[".repeat(1000), SECRET));
        table.put("100 KB", local(claims -> claims.put("padding", "x".repeat(100 << 10))));
        table.put("100 KB of letters", "A".repeat(100 << 10));
        table.put("100 KB of dots", ".".repeat(100 << 10));
        table.put("100 KB of blanks", " ".repeat(100 << 10) + good);
        table.put("quotes", "\"" + good + "\"");
        table.put("an umlaut", good + "\u00e4");
        table.put("a line end", good + "\n");
    }

    private void addForgedSignatures(Map<String, String> table) {
        String good = local(claims -> {});
        String[] parts = good.split("\\.", -1);
        String better = Forge.base64(
                Claims.good("runnel", clock.instant()).put("plan", "unlimited").encode());
        table.put("changed payload", parts[0] + "." + better + "." + parts[2]);
        table.put(
                "another secret",
                Forge.hmac(HS256, goodClaims(), "another-secret-of-thirty-two-bytes".getBytes(UTF_8)));
        String header = Forge.base64(Forge.header("ES256", "ec-1"));
        String claims = Forge.base64(Claims.good("ci", clock.instant()).encode());
        byte[] ones = new byte[64];
        ones[31] = 1;
        ones[63] = 1;
        table.put("ES256 of zeros (CVE-2022-21449)", header + "." + claims + "." + Forge.base64(new byte[64]));
        table.put("ES256 of ones", header + "." + claims + "." + Forge.base64(ones));
        table.put("ES256 of a single byte", header + "." + claims + "." + Forge.base64(new byte[1]));
        String signedByRsa = Forge.base64(Forge.header("RS256", "rsa-1"));
        table.put("RS256 of zeros", signedByRsa + "." + claims + "." + Forge.base64(new byte[256]));
        table.put("RS256 too long", signedByRsa + "." + claims + "." + Forge.base64(new byte[257]));
        table.put(
                "RS256 by another key",
                Forge.signed(
                        "RS256",
                        Forge.header("RS256", "rsa-1"),
                        Claims.good("ci", clock.instant()).encode(),
                        Forge.rsa(2048).getPrivate()));
    }

    /** The last character of a signature has bits that no byte uses: each value of them decodes to the same bytes. */
    private static void addOtherSpellings(Map<String, String> table, String algorithm, String good, int unusedBits) {
        int last = BASE64URL.indexOf(good.charAt(good.length() - 1));
        for (int bits = 1; bits < 1 << unusedBits; bits++) {
            String other = good.substring(0, good.length() - 1) + BASE64URL.charAt(last | bits);
            table.put(algorithm + " signature with the unused bits " + bits, other);
        }
    }

    private String raw(String exp) {
        JsonObject claims = Claims.good("runnel", clock.instant());
        claims.remove("exp");
        return Forge.hmac(HS256, "{" + exp + "," + claims.encode().substring(1), SECRET);
    }

    private String goodClaims() {
        return Claims.good("runnel", clock.instant()).encode();
    }

    private static String cut(String text) {
        return text.length() > 20 ? text.substring(0, 20) + "…" : text;
    }

    /** Takes characters off the end, but leaves what stands before the last dot. */
    private static String cut(String token, int characters) {
        return token.substring(0, Math.max(token.lastIndexOf('.') + 1, token.length() - characters));
    }
}
