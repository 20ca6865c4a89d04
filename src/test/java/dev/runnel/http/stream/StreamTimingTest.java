package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.TestService;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What streams do as time passes: heartbeats, and clients that accept nothing. */
class StreamTimingTest {

    private static final String PROMPT = "{\"prompt\":\"Tell me a story\"}";
    /** More than the socket's buffers on both sides hold. */
    private static final String HUGE = "x".repeat(1 << 20);

    private static final String PING = ": ping\n";

    @AutoClose
    private TestService service;

    private PlayedGenerator generator;

    private void start(Duration heartbeat, Duration stall) throws Exception {
        service = TestService.start(TestService.http(heartbeat, stall), 1);
        generator = new PlayedGenerator(service.vertx()).start();
    }

    @Test
    void silentStreamSendsPings() throws Exception {
        start(Duration.ofMillis(20), Duration.ofSeconds(30));
        try (HttpWire client = new HttpWire(service.port())) {
            client.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept();
            client.head();

            assertThat(client.event()).isEqualTo(PING);
            assertThat(client.event()).isEqualTo(PING);
            play.say("a");
            String next = client.event();
            while (next.equals(PING)) {
                next = client.event();
            }
            assertThat(next).contains("\"delta\":\"a\"");
            assertThat(client.event()).isEqualTo(PING);
        }
    }

    @Test
    void clientThatAcceptsNothingIsDisconnectedAndOthersGoOn() throws Exception {
        start(Duration.ZERO, Duration.ofMillis(200));
        try (HttpWire stuck = new HttpWire(service.port(), 4096);
                HttpWire other = new HttpWire(service.port())) {
            stuck.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play stalls = generator.accept();
            other.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play goesOn = generator.accept().say("a");
            stuck.head();

            stalls.say(HUGE);

            assertThat(generator.cancel().generationId()).isEqualTo(stalls.id());
            await().until(() -> closedBy("stalled") == 1);
            await().until(() -> connections() == 1);
            assertThat(service.metric("runnel_streams_stalled")).isZero();
            goesOn.say("b").finish();
            assertThat(StreamRules.check(other.answer().bytes()).text()).isEqualTo("ab");
            assertThat(stuck.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void clientThatStallsAtTheEndIsDisconnectedToo() throws Exception {
        start(Duration.ZERO, Duration.ofMillis(200));
        try (HttpWire stuck = new HttpWire(service.port(), 4096)) {
            stuck.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept();
            stuck.head();

            play.say(HUGE).finish();

            await().until(() -> closedBy("stalled") == 1);
            await().until(() -> connections() == 0);
            assertThat(generator.heardNoCancel()).isTrue();
        }
    }

    @Test
    void clientThatReadsSlowlyButSteadilyIsNotDisconnected() throws Exception {
        start(Duration.ofMillis(50), Duration.ofMillis(300));
        try (HttpWire slow = new HttpWire(service.port(), 4096);
                HttpWire pace = new HttpWire(service.port())) {
            slow.post("/v1/generate/stream", service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept();
            slow.head();
            pace.post("/v1/generate/stream", service.key(), PROMPT);
            generator.accept();
            pace.head();

            play.say(HUGE).finish();
            // 32 parts, a heartbeat apart: five stall times for one event.
            String event = PING;
            while (event.equals(PING)) {
                byte[] chunk = slow.chunkInParts(2 * HUGE.length() / 32, pace::event);
                event = new String(chunk, StandardCharsets.UTF_8);
            }

            assertThat(event).endsWith("\"delta\":\"" + HUGE + "\"}\n\n");
            assertThat(slow.event()).contains("finishReason");
            assertThat(closedBy("stalled")).isZero();
        }
    }

    private double closedBy(String cause) {
        return service.metric("runnel_stream_closed_total{cause=\"" + cause + "\"}");
    }

    private double connections() {
        return service.connections();
    }
}
