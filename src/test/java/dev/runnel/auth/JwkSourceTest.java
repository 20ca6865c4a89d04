package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key set over time: when it is read, and which keys stay valid. */
class JwkSourceTest {

    private static final KeyPair ED = Forge.ed25519();
    private static final JsonObject KEY = Forge.jwk("EdDSA", "one", ED.getPublic());
    private static final JsonObject OTHER =
            Forge.jwk("EdDSA", "two", Forge.ed25519().getPublic());

    private final ManualClock clock = new ManualClock();
    private final Place place = new Place();
    private final JwkSource source = new JwkSource("https://id.example/", place, clock);

    /** Replaces the file or the server. */
    private static final class Place implements Supplier<Future<String>> {

        private Future<String> answer = Future.succeededFuture(set(KEY));
        private int reads;

        @Override
        public Future<String> get() {
            reads++;
            return answer;
        }
    }

    @Test
    void unknownKeyCausesTheSetToBeReadAgain() throws Exception {
        source.open().await(5, SECONDS);
        place.answer = Future.succeededFuture(set(KEY, OTHER));
        clock.pass(JwkSource.PAUSE);

        KeySet newer = source.refreshed().await(5, SECONDS);

        assertThat(newer).isSameAs(source.current());
        assertThat(newer.find(tokenOf("two"))).isPresent();
        assertThat(newer.find(tokenOf("one"))).isPresent();
    }

    @Test
    void unknownKeysDoNotCauseAReadEachTime() throws Exception {
        source.open().await(5, SECONDS);
        for (int i = 0; i < 1000; i++) {
            source.refreshed().await(5, SECONDS);
        }
        assertThat(place.reads).isEqualTo(1);

        clock.pass(JwkSource.PAUSE);
        for (int i = 0; i < 1000; i++) {
            source.refreshed().await(5, SECONDS);
        }
        assertThat(place.reads).isEqualTo(2);
    }

    @Test
    void callsDuringAReadShareItsResult() throws Exception {
        source.open().await(5, SECONDS);
        clock.pass(JwkSource.PAUSE);
        Promise<String> slow = Promise.promise();
        place.answer = slow.future();
        List<Future<KeySet>> waiting = List.of(source.refreshed(), source.refreshed(), source.refreshed());

        slow.complete(set(OTHER));

        for (Future<KeySet> one : waiting) {
            assertThat(one.await(5, SECONDS)).isSameAs(source.current());
        }
        assertThat(place.reads).isEqualTo(2);
    }

    @Test
    void sameTextLeavesTheSameKeys() throws Exception {
        source.open().await(5, SECONDS);
        KeySet before = source.current();
        clock.pass(JwkSource.PAUSE);

        assertThat(source.refreshed().await(5, SECONDS)).isSameAs(before);
        assertThat(place.reads).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[{}]}",
                "<html>",
                "{\"keys\":[",
                "{\"keys\":[null,1,\"\"]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[]} {\"keys\":[]}"
            })
    void badSetLeavesTheOldKeysAndIsRefusedAtTheStart(String bad) throws Exception {
        place.answer = Future.succeededFuture(bad);
        assertThatThrownBy(() -> new JwkSource("x", place, clock).open().await(5, SECONDS))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageStartingWith("auth.trusted: the keys of x cannot be used: ");

        place.answer = Future.succeededFuture(set(KEY));
        source.open().await(5, SECONDS);
        KeySet before = source.current();
        place.answer = Future.succeededFuture(bad);
        clock.pass(JwkSource.PAUSE);

        assertThat(source.refreshed().await(5, SECONDS)).isSameAs(before);
    }

    @Test
    void unreachablePlaceLeavesTheOldKeysAndIsRefusedAtTheStart() throws Exception {
        source.open().await(5, SECONDS);
        KeySet before = source.current();
        place.answer = Future.failedFuture("connection refused");
        clock.pass(JwkSource.PAUSE);

        assertThat(source.refreshed().await(5, SECONDS)).isSameAs(before);
        assertThatThrownBy(() -> new JwkSource("x", place, clock).open().await(5, SECONDS))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining("connection refused");
    }

    @Test
    void keyThatLeavesTheSetIsNotFound() throws Exception {
        source.open().await(5, SECONDS);
        place.answer = Future.succeededFuture(set(OTHER));
        clock.pass(JwkSource.PAUSE);

        assertThat(source.refreshed().await(5, SECONDS).find(tokenOf("one"))).isEmpty();
    }

    @Test
    void keysThatCannotBeUsedAreIgnored() {
        JsonObject secret =
                new JsonObject().put("kty", "oct").put("alg", "HS256").put("k", "AAAA");
        JsonObject encryption = KEY.copy().put("kid", "enc").put("use", "enc");
        JsonObject signing = KEY.copy().put("kid", "sign").put("key_ops", JsonArray.of("sign"));
        JsonObject weak = Forge.jwk("RS256", "weak", Forge.rsa(1024).getPublic());
        JsonObject leaked = KEY.copy().put("kid", "leaked").put("d", "AAAA");
        JsonObject mixed = KEY.copy().put("kid", "mixed").put("alg", "RS256");
        JsonObject none = KEY.copy().put("kid", "none").put("alg", "none");
        JsonObject hmac = KEY.copy().put("kid", "hmac").put("alg", "HS256");
        JsonObject cut = KEY.copy().put("kid", "cut").put("x", "AAAA");
        JsonObject curve = KEY.copy().put("kid", "curve").put("crv", "Ed448");
        JsonObject numbered = KEY.copy().put("kid", 7);
        JsonObject flagged = KEY.copy().put("kid", "flagged").put("use", true);
        for (JsonObject bad :
                List.of(secret, encryption, signing, weak, leaked, mixed, none, hmac, cut, curve, numbered, flagged)) {
            assertThatThrownBy(() -> JwkReader.read(set(bad)))
                    .as(bad.encode())
                    .isInstanceOf(AuthSetupException.class)
                    .hasMessageContaining("0 usable keys");
            assertThat(JwkReader.read(set(bad, KEY)).find(tokenOf("one"))).isPresent();
        }
    }

    @Test
    void memberThatOccursTwiceMakesTheSetUnusable() {
        String twice = set(KEY).replace("\"kid\"", "\"kid\":\"other\",\"kid\"");

        assertThatThrownBy(() -> JwkReader.read(twice)).hasMessageStartingWith("not a key set");
    }

    @Test
    void unknownMembersAndNullsAreIgnored() {
        JsonObject chained = KEY.copy()
                .putNull("use")
                .putNull("e")
                .put("x5c", JsonArray.of("AAAA"))
                .put("ext", JsonObject.of("a", 1));

        assertThat(JwkReader.read(set(chained)).find(tokenOf("one"))).isPresent();
    }

    @Test
    void rsaKeyWithAnExponentOfMoreThan32BitsIsIgnored() {
        JsonObject rsa = Forge.jwk("RS256", "one", Forge.rsa(2048).getPublic());
        JsonObject largest = rsa.copy().put("e", Forge.base64(new byte[] {-1, -1, -1, -1}));
        JsonObject larger = rsa.copy().put("e", Forge.base64(new byte[] {1, 0, 0, 0, 1}));

        assertThat(JwkReader.read(set(largest))).isNotNull();
        assertThatThrownBy(() -> JwkReader.read(set(larger))).hasMessageContaining("0 usable keys");
    }

    @Test
    void rsaKeyOfMoreThan4096BitsIsIgnored() {
        JsonObject rsa = Forge.jwk("RS256", "one", Forge.rsa(2048).getPublic());
        byte[] modulus = new byte[512];
        Arrays.fill(modulus, (byte) -1);
        JsonObject largest = rsa.copy().put("n", Forge.base64(modulus));
        JsonObject larger = rsa.copy().put("n", Forge.base64(Arrays.copyOf(modulus, 513)));

        JsonObject slow = largest.copy().put("e", Forge.base64(new byte[] {2, 0, 1}));

        assertThat(JwkReader.read(set(largest))).isNotNull();
        assertThatThrownBy(() -> JwkReader.read(set(larger))).hasMessageContaining("0 usable keys");
        assertThatThrownBy(() -> JwkReader.read(set(slow))).hasMessageContaining("0 usable keys");
    }

    @Test
    void setOfTooManyKeysIsRefused() {
        JsonArray many = new JsonArray();
        for (int i = 0; i <= 100; i++) {
            many.add(KEY.copy().put("kid", "k" + i));
        }

        assertThatThrownBy(
                        () -> JwkReader.read(new JsonObject().put("keys", many).encode()))
                .hasMessageContaining("101 usable keys");
    }

    @Test
    void tokenWithoutKidNeedsTheOnlyKeyOfItsAlgorithm() {
        Token anonymous = Token.parse(Forge.signed("EdDSA", "{\"alg\":\"EdDSA\"}", "{\"iss\":\"x\"}", ED.getPrivate()));

        assertThat(JwkReader.read(set(KEY)).find(anonymous)).isPresent();
        assertThat(JwkReader.read(set(KEY, OTHER)).find(anonymous)).isEmpty();
        JsonObject rsa = Forge.jwk("RS256", "three", Forge.rsa(2048).getPublic());
        assertThat(JwkReader.read(set(KEY, rsa)).find(anonymous)).isPresent();
    }

    private static Token tokenOf(String keyId) {
        return Token.parse(Forge.signed("EdDSA", Forge.header("EdDSA", keyId), "{\"iss\":\"x\"}", ED.getPrivate()));
    }

    private static String set(JsonObject... keys) {
        return new JsonObject()
                .put("keys", new JsonArray(List.of((Object[]) keys)))
                .encode();
    }
}
