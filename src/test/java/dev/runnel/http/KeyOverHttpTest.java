package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a key may stand in a request, and how large it may be. What it must be is tested in {@code auth}. */
class KeyOverHttpTest {

    @AutoClose
    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        service = TestService.start();
    }

    private static Answer get(String target, String... headers) {
        try (HttpWire wire = new HttpWire(service.port())) {
            return wire.get(target, headers).answer();
        }
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("models");
        BadBodyTest.assertThatNothingLeaks(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "key", "api_key", "token", "Authorization", "authorization"})
    void keyInTheQueryIsNeverAccepted(String name) {
        String key = service.key();

        assertRefused(get("/v1/models?" + name + "=" + key), 401);
        assertRefused(get("/v1/models?" + name + "=Bearer%20" + key), 401);
        assertThat(get("/v1/models?" + name + "=wrong", HttpWire.bearer(key)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: access_token=",
                "X-Api-Key: ",
                "Proxy-Authorization: Bearer ",
                "Authorization: Basic ",
                "Authorization: "
            })
    void keyInAnotherHeaderOrFormIsNotAccepted(String start) {
        assertRefused(get("/v1/models", start + service.key()), 401);
    }

    @Test
    void keyAsAPasswordIsNotAccepted() {
        byte[] pair = ("user:" + service.key()).getBytes(StandardCharsets.UTF_8);

        Answer answer =
                get("/v1/models", "Authorization: Basic " + Base64.getEncoder().encodeToString(pair));

        assertRefused(answer, 401);
    }

    @Test
    void twoKeysAreRefused() {
        String good = HttpWire.bearer(service.key());

        assertRefused(get("/v1/models", good, HttpWire.bearer("x")), 401);
        assertRefused(get("/v1/models", HttpWire.bearer("x"), good), 401);
        assertRefused(get("/v1/models", good, good), 401);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 9_000, 15_000})
    void longKeyIsRefusedAsAnyBadOne(int chars) {
        assertRefused(get("/v1/models", HttpWire.bearer("a".repeat(chars))), 401);
    }

    @ParameterizedTest
    @ValueSource(ints = {17_000, 100_000})
    void keyBeyondTheBoundOfAllHeadersIsNoRequest(int chars) {
        Answer answer = get("/v1/models", HttpWire.bearer("a".repeat(chars)));

        assertRefused(answer, 431);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(get("/v1/models", HttpWire.bearer(service.key())).status()).isEqualTo(200);
    }

    @Test
    void largeBodyWithoutAKeyIsNotRead() {
        try (HttpWire client = new HttpWire(service.port())) {
            client.send(HttpWire.requestHead("POST", "/v1/generate", "Content-Length: 100000000"));

            Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
