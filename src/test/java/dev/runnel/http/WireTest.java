package dev.runnel.http;

import static dev.runnel.http.PlayedClient.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 itself: large, broken and pipelined requests. */
@ExtendWith(PlayedService.class)
class WireTest {

    private static final String PADDED_REQUEST =
            HttpWire.requestHead("GET", "/nothing", "X-Padding: " + "x".repeat(300));
    /** Refused before its body is read. */
    private static final String REFUSED_BODY =
            "POST /v1/generate HTTP/1.1\r\nHost:x\r\nTransfer-Encoding:chunked\r\nExpect:100-continue\r\n\r\n0\r\n\r\n";

    private static final int LIMIT = 2 * 1024 * 1024;

    private final PlayedClient client;

    WireTest(PlayedClient client) {
        this.client = client;
    }

    @Test
    void bodyThatIsDeclaredTooLargeIsRefusedUnread() {
        client.send(client.head("/v1/generate", "Content-Length: " + (LIMIT + 1)));

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(answer.body()).contains("invalid_request_error", "at most 2097152 bytes");
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "9223372036854775807"})
    void bodyOfAbsurdLengthIsRefused(String length) {
        client.send(client.head("/v1/generate", "Content-Length: " + length));

        assertThat(client.answer().status()).isBetween(400, 413);
    }

    @Test
    void chunkedBodyThatIsTooLargeIsRefusedBeforeItsEnd() {
        client.send(client.head("/v1/generate/stream", "Transfer-Encoding: chunked"));
        String chunk = "40000\r\n" + "x".repeat(0x40000) + "\r\n";
        for (int sent = 0; sent <= LIMIT; sent += 0x40000) {
            client.send(chunk);
        }

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(StreamRules.check(answer.bytes()).error()).isPresent();
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void bodyAtTheLimitIsRead() throws Exception {
        String padded = PROMPT + " ".repeat(LIMIT - PROMPT.length());
        client.post("/v1/generate", client.key(), padded);
        client.generator().accept().say("fine").finish();

        assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void chunkedBodyIsRead() throws Exception {
        client.send(client.head("/v1/generate", "Transfer-Encoding: chunked"));
        client.send("7\r\n{\"promp\r\n").send("7\r\nt\":\"x\"}\r\n").send("0\r\n\r\n");
        client.generator().accept().say("fine").finish();

        assertThat(client.answer().status()).isEqualTo(200);
        client.assertItGoesOn();
    }

    @Test
    void continueIsSentBeforeTheBody() throws Exception {
        client.send(client.head("/v1/generate", "Expect: 100-continue", "Content-Length: " + PROMPT.length()));
        assertThat(client.responseHead().status()).isEqualTo(100);

        client.send(PROMPT);

        client.generator().accept().say("fine").finish();
        assertThat(client.answer().status()).isEqualTo(200);
        client.assertItGoesOn();
    }

    @Test
    void refusalComesInPlaceOfContinue() {
        client.send(client.head("/v1/generate", "Expect: 100-continue", "Content-Length: " + (LIMIT + 1)));
        HttpWire.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @Test
    void badKeyIsRefusedInPlaceOfContinue() {
        client.send(HttpWire.requestHead("POST", "/v1/generate", "Expect: 100-continue", "Content-Length: 5"));
        HttpWire.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    /** Sends a prompt with a key and these further header lines. */
    private void sendPrompt(String... headers) {
        List<String> all =
                new ArrayList<>(List.of(HttpWire.bearer(client.key()), "Content-Length: " + PROMPT.length()));
        all.addAll(List.of(headers));
        client.send(HttpWire.requestHead("POST", "/v1/generate", all.toArray(String[]::new)) + PROMPT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/jsonx",
                "application/json; charset=utf-16",
                "multipart/form-data; boundary=x",
                "*/*",
                "json",
                "application/json; charset=utf-8; charset=utf-16",
                "application/json; x",
                "application/json; =x",
                "application/json; a b=c",
                "application/json; a=\"b",
                "application/json; a=\"b\"c",
                "application/json; charset=\"utf-8;\"",
                "application/json,text/plain"
            })
    void otherContentTypesAreRefused(String type) throws Exception {
        sendPrompt("Content-Type: " + type);

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body()).contains("invalid_request_error");
        client.assertItGoesOn();
    }

    /** As a regular expression with adjacent quantifiers, the first took 2 s of CPU, and the second the stack. */
    @Test
    void longContentTypesAreRefused() throws Exception {
        for (String rest : List.of(" ".repeat(14_000) + "x", ";a=b".repeat(3_700), ";" + " ".repeat(240) + "a=b")) {
            sendPrompt("Content-Type: application/json" + rest);

            assertThat(client.answer().status()).isEqualTo(415);
        }
        client.assertItGoesOn();
    }

    @Test
    void missingContentTypeIsRefused() throws Exception {
        sendPrompt();

        assertThat(client.answer().status()).isEqualTo(415);
        client.assertItGoesOn();
    }

    @Test
    void compressedBodyIsRefused() {
        client.post("/v1/generate", client.key(), PROMPT, "Content-Encoding: gzip");

        assertThat(client.answer().status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json;charset=utf-8",
                "application/json; charset=\"UTF-8\"",
                "application/json ; charset = utf-8",
                "application/json;",
                "application/json; profile=x; charset=utf-8",
                "application/json; charset=utf-8; profile=x",
                "application/json; profile=\"a;b, \\\"c\\\"\"; charset=utf-8",
                "application/json; charset=\"utf\\-8\"",
                "application/json; profile="
            })
    void jsonContentTypesAreAccepted(String type) throws Exception {
        sendPrompt("Content-Type: " + type);
        client.generator().accept().finish();

        assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void connectionIsUsedAgainAfterEveryKindOfRefusal() throws Exception {
        client.post("/v1/generate", "bad", PROMPT);
        assertThat(client.answer().status()).isEqualTo(401);
        client.post("/v1/nothing", client.key(), PROMPT);
        assertThat(client.answer().status()).isEqualTo(404);
        client.post("/v1/models", client.key(), PROMPT);
        assertThat(client.answer().status()).isEqualTo(405);
        client.post("/v1/generate/stream", client.key(), "{");
        assertThat(client.answer().status()).isEqualTo(400);
        client.send(HttpWire.requestHead("PUT", "/nothing", "Content-Length: 3") + "abc");
        assertThat(client.answer().status()).isEqualTo(404);
        client.assertItGoesOn();
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        client.post("/v1/generate/stream", client.key(), PROMPT)
                .post("/v1/generate", client.key(), "{}")
                .post("/v1/generate", client.key(), PROMPT);
        client.generator().accept().say("first").finish();

        assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("first");
        assertThat(client.answer().status()).isEqualTo(400);
        client.generator().accept().say("third").finish();
        assertThat(client.answer().body()).contains("third");
    }

    @Test
    void clientThatPipelinesWithoutEndAndReadsNothingIsCutAndCounted() throws Exception {
        byte[] requests = PADDED_REQUEST.repeat(100).getBytes(StandardCharsets.UTF_8);
        double before = client.service().metric("runnel_connections_flooded_total");

        // More than the buffers on both sides take.
        assertThatThrownBy(() -> sendTimes(requests, 1000)).isInstanceOf(UncheckedIOException.class);

        assertItGoesOnElsewhere();
        await().untilAsserted(() -> assertThat(client.service().metric("runnel_connections_flooded_total"))
                .isEqualTo(before + 1));
    }

    private void sendTimes(byte[] bytes, int times) {
        for (int i = 0; i < times; i++) {
            client.send(bytes);
        }
    }

    private void assertItGoesOnElsewhere() throws Exception {
        try (HttpWire other = new HttpWire(client.service().port())) {
            other.post("/v1/generate", client.key(), PROMPT);
            client.generator().accept().say("served").finish();
            assertThat(other.answer().body()).contains("served");
        }
    }

    @Test
    void clientThatPipelinesManyAndReadsLateIsNotCut() {
        client.send(PADDED_REQUEST.repeat(1000));

        for (int i = 0; i < 1000; i++) {
            assertThat(client.answer().status()).isEqualTo(404);
        }
    }

    @Test
    void requestsAfterAHugeStreamAreAnswered() throws Exception {
        String huge = "x".repeat(3 << 20);
        try (HttpWire slow = new HttpWire(client.service().port(), 4096)) {
            slow.post("/v1/generate/stream", client.key(), PROMPT)
                    .send(PADDED_REQUEST + PADDED_REQUEST)
                    .post("/v1/generate", client.key(), PROMPT);
            client.generator().accept().say(huge).finish();

            assertThat(StreamRules.check(slow.answer().bytes()).text()).isEqualTo(huge);
            assertThat(slow.answer().status()).isEqualTo(404);
            assertThat(slow.answer().status()).isEqualTo(404);
            client.generator().accept().say("last").finish();
            assertThat(slow.answer().body()).contains("last");
        }
    }

    /** What follows it was sent before the client could know. */
    @ParameterizedTest
    @ValueSource(strings = {REFUSED_BODY, "GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n"})
    void nothingIsDoneAfterAnAnswerThatEndsTheConnection(String refused) throws Exception {
        client.send(refused + client.head("/v1/generate", "Content-Length: " + PROMPT.length()) + PROMPT);

        assertThat(client.answer().header("Connection")).isEqualTo("close");
        assertThat(client.isClosedByPeer()).isTrue();
        client.reconnect();
        client.post("/v1/generate", client.key(), "{\"prompt\":\"next\"}");
        PlayedGenerator.Play play = client.generator().accept();
        assertThat(play.submit().turns().get(0).content()).isEqualTo("next");
        play.finish();
    }

    @Test
    void clientThatWantsTheConnectionClosedGetsItsStreamFirst() throws Exception {
        client.post("/v1/generate/stream", client.key(), PROMPT, "Connection: close");
        client.generator().accept().say("a").finish();

        assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("a");
        assertThat(client.isClosedByPeer()).isTrue();
    }
}
