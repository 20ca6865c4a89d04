package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.FreshService;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.TestService;
import dev.runnel.message.Cancel;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.eventbus.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stream on the wire, with a generator that says what the test says. */
@ExtendWith(FreshService.class)
class SseStreamTest {

    private static final String PROMPT = "{\"prompt\":\"Tell me a story\"}";
    /** More than the socket's buffers on both sides hold. */
    private static final int HUGE = 1 << 20;

    private final TestService service;
    private final PlayedGenerator generator;

    SseStreamTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
    }

    private HttpWire stream(String json, String... headers) {
        return new HttpWire(service.port()).post("/v1/generate/stream", service.key(), json, headers);
    }

    @Test
    void headersGoOutBeforeTheFirstToken() throws Exception {
        try (HttpWire client = stream(PROMPT, "X-Request-Id: mine-1")) {
            PlayedGenerator.Play play = generator.accept();

            HttpWire.Answer head = client.head();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(head.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(head.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(head.header("X-Request-Id")).isEqualTo("mine-1");
            assertThat(head.header("X-Generation-Id")).isEqualTo(play.id());
            assertThat(head.header("Transfer-Encoding")).isEqualTo("chunked");
        }
    }

    @Test
    void eachDeltaIsOneEventAndOneChunk() throws Exception {
        try (HttpWire client = stream(PROMPT)) {
            PlayedGenerator.Play play = generator.accept();
            client.head();
            play.say("Once");
            assertThat(client.event())
                    .isEqualTo("data: {\"id\":\"" + play.id() + "\",\"text\":\"Once\",\"delta\":\"Once\"}\n\n");
            play.say(" \"upon\"\n");
            assertThat(client.event())
                    .isEqualTo("data: {\"id\":\"" + play.id()
                            + "\",\"text\":\"Once \\\"upon\\\"\\n\",\"delta\":\" \\\"upon\\\"\\n\"}\n\n");
            play.finish(FinishReason.LENGTH, new Usage(4, 2, false));
            assertThat(client.event())
                    .isEqualTo("data: {\"id\":\"" + play.id()
                            + "\",\"text\":\"Once \\\"upon\\\"\\n\",\"delta\":\"\",\"finishReason\":\"length\","
                            + "\"usage\":{\"promptTokens\":4,\"completionTokens\":2,\"totalTokens\":6}}\n\n");
            assertThat(client.event()).isEqualTo("data: [DONE]\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void streamKeepsEveryRule() throws Exception {
        try (HttpWire client = stream(PROMPT)) {
            generator.accept().say("a").say("b😀").say("c").finish();

            HttpWire.Answer answer = client.answer();

            StreamRules.checkChunks(answer.chunks());
            assertThat(StreamRules.check(answer.bytes()).text()).isEqualTo("ab😀c");
        }
    }

    @Test
    void textIsLeftOutWhereTheClientSaysSo() throws Exception {
        try (HttpWire client = stream("{\"prompt\":\"x\",\"includeText\":false}")) {
            generator.accept().say("a").say("b").finish(FinishReason.STOP, new Usage(1, 2, true));

            Streamed streamed = StreamRules.checkWithoutText(client.answer().bytes());

            assertThat(streamed.deltas()).containsExactly("a", "b", "");
            assertThat(streamed.usage().get("estimated").asBoolean()).isTrue();
        }
    }

    @Test
    void failureIsOneErrorEventWithoutDone() throws Exception {
        try (HttpWire client = stream(PROMPT)) {
            generator.accept().say("a").fail(Failure.of(FailureCode.NEXT_TOKEN_TIMEOUT, "no next token within 30 s"));

            Streamed streamed = StreamRules.check(client.answer().bytes());

            assertThat(streamed.text()).isEqualTo("a");
            assertThat(streamed.error().orElseThrow().get("type").asText()).isEqualTo("timeout_error");
            awaitClosedBy("failed", 1);
        }
    }

    @Test
    void connectionIsUsedAgainAfterAStream() throws Exception {
        try (HttpWire client = stream(PROMPT)) {
            generator.accept().say("one").finish();
            assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("one");

            client.post("/v1/generate/stream", service.key(), PROMPT);

            generator.accept().say("two").finish();
            assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("two");
            awaitClosedBy("finished", 2);
            assertThat(service.metric("runnel_streams_open")).isZero();
        }
    }

    @Test
    void clientThatLeavesBeforeTheFirstTokenCancels() throws Exception {
        HttpWire client = stream(PROMPT);
        PlayedGenerator.Play play = generator.accept();
        client.head();

        client.close();

        assertThat(generator.cancel()).isEqualTo(new Cancel(play.id(), Cancel.Cause.CONSUMER_GONE));
        awaitClosedBy("client_gone", 1);
    }

    @Test
    void clientThatLeavesBetweenTokensCancels() throws Exception {
        HttpWire client = stream(PROMPT);
        PlayedGenerator.Play play = generator.accept().say("a");
        client.head();
        client.event();

        client.close();

        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
        play.say("b").finish();
        awaitClosedBy("client_gone", 1);
        assertThat(service.metric("runnel_streams_open")).isZero();
    }

    @Test
    void clientThatLeavesBeforeAnyAnswerCancelsOnceAccepted() throws Exception {
        HttpWire client = stream(PROMPT);
        Message<dev.runnel.message.Submit> submit = generator.submit();

        client.close();
        awaitConnections(0);

        PlayedGenerator.Play play = generator.accept(submit);
        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
        assertThat(service.metric("runnel_streams_open")).isZero();
    }

    @Test
    void slowReaderGetsFoldedDeltas() throws Exception {
        String huge = "x".repeat(HUGE);
        try (HttpWire client = new HttpWire(service.port(), 4096)) {
            client.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept().say(huge);
            client.head();
            await().until(() -> service.metric("runnel_streams_stalled") == 1);

            for (int i = 0; i < 100; i++) {
                play.say("y");
            }
            play.finish();
            Streamed streamed = StreamRules.check(allChunks(client));

            assertThat(streamed.deltas()).containsExactly(huge, "y".repeat(100), "");
            assertThat(service.metric("runnel_deltas_folded_total")).isEqualTo(99);
            await().until(() -> service.metric("runnel_streams_stalled") == 0);
            awaitClosedBy("finished", 1);
        }
    }

    private static byte[] allChunks(HttpWire client) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (var chunk = client.chunk(); chunk.isPresent(); chunk = client.chunk()) {
            all.writeBytes(chunk.get());
        }
        return all.toByteArray();
    }

    private double closedBy(String cause) {
        return service.metric("runnel_stream_closed_total{cause=\"" + cause + "\"}");
    }

    private void awaitClosedBy(String cause, int times) {
        await().until(() -> closedBy(cause) == times);
    }

    private void awaitConnections(int count) {
        await().until(() -> service.connections() == count);
    }
}
