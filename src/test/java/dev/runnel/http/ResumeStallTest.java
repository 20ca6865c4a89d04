package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.sse.HttpWire;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers of a resumable generation that do not read. */
class ResumeStallTest {

    private static final String BODY = "{\"prompt\":\"once\",\"includeText\":false}";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key: stalled";
    private static final int PIECES = 400;

    @AutoClose
    private TestService service;

    private PlayedGenerator generator;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start(TestService.http(Duration.ZERO, Duration.ofMillis(500)), 2);
        generator = new PlayedGenerator(service.vertx()).start();
    }

    private double stalled() {
        return service.metric("runnel_stream_closed_total{cause=\"stalled\"}");
    }

    @Test
    void stalledReaderIsDisconnectedAndGoesOnWhereItWas() throws Exception {
        String piece = "x".repeat(20_000);
        try (HttpWire slow = new HttpWire(service.port(), 4096)
                        .post("/v1/generate/stream", service.key(), BODY, IDEMPOTENCY_KEY);
                HttpWire other = new HttpWire(service.port())) {
            Play play = generator.accept();
            ResumedStream first = new ResumedStream(slow, "").open();
            play.say(piece);
            first.readTo(piece);
            for (int i = 1; i < PIECES; i++) {
                play.say(piece);
            }

            await().until(() -> stalled() == 1);
            assertThat(generator.heardNoCancel(play)).isTrue();
            other.get(
                    "/v1/generate/" + play.id() + "/stream",
                    HttpWire.bearer(service.key()),
                    "Last-Event-ID: " + first.cursor());
            play.finish();

            ResumedStream second = new ResumedStream(other, first.text()).open().readAll();
            assertThat(second.text()).isEqualTo(piece.repeat(PIECES));
            assertThat(second.ending()).isEqualTo("stop");
        }
    }

    @Test
    void disconnectingTheLastReaderStartsTheGraceTime() throws Exception {
        try (HttpWire slow =
                new HttpWire(service.port(), 4096).post("/v1/generate/stream", service.key(), BODY, IDEMPOTENCY_KEY)) {
            Play play = generator.accept();
            slow.head();
            play.say("x".repeat(8 << 20));

            await().until(() -> stalled() == 1);

            assertThat(generator.cancel(play)).isEqualTo(new Cancel(play.id(), Cancel.Cause.CONSUMER_GONE));
        }
    }
}
