package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.HttpConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.sse.HttpWire;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The deadlines of a connection: which slow clients are cut, and which are not. */
class SlowClientTest {

    private static final String PROMPT = "{\"prompt\":\"x\"}";
    /** Long enough to send a request on a busy machine. */
    private static final Duration FIRST_REQUEST = Duration.ofMillis(1500);

    @Test
    void clientThatSendsTooSlowlyIsCut() throws Exception {
        ConnectionDeadlines deadlines =
                new ConnectionDeadlines(FIRST_REQUEST, Duration.ofMillis(150), Duration.ofSeconds(75));
        try (TestService strict = TestService.start(TestService.http(), 1, deadlines)) {
            try (HttpWire silent = new HttpWire(strict.port());
                    HttpWire dripping = new HttpWire(strict.port());
                    HttpWire halfway = new HttpWire(strict.port())) {
                String key = HttpWire.bearer(strict.key());
                halfway.send(
                        HttpWire.requestHead("POST", "/v1/generate", key, HttpWire.JSON, "Content-Length: 10") + "{");
                dripping.send("GET / HTTP/1.1\r\nHost: loc");

                assertThat(halfway.answer().body()).contains("body: incomplete after");
                assertThat(halfway.isClosedByPeer()).isTrue();
                assertThat(silent.isClosedByPeer()).isTrue();
                assertThat(dripping.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void connectionWithoutAFurtherRequestIsClosed() throws Exception {
        ConnectionDeadlines deadlines =
                new ConnectionDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(150));
        try (TestService strict = TestService.start(TestService.http(), 1, deadlines);
                HttpWire idle = new HttpWire(strict.port())) {
            idle.get("/nothing");
            assertThat(idle.answer().status()).isEqualTo(404);

            assertThat(idle.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void clientThatReadsTheLastAnswerSlowlyButSteadilyIsNotIdle() throws Exception {
        ConnectionDeadlines deadlines =
                new ConnectionDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(300));
        HttpConfig http = TestService.http(Duration.ofMillis(50), Duration.ofSeconds(30));
        try (TestService strict = TestService.start(http, 1, deadlines)) {
            PlayedGenerator played = new PlayedGenerator(strict.vertx()).start();
            String text = "x".repeat(1 << 20);
            try (HttpWire slow = new HttpWire(strict.port(), 4096);
                    HttpWire pace = new HttpWire(strict.port())) {
                pace.post("/v1/generate/stream", strict.key(), PROMPT);
                played.accept();
                pace.head();
                slow.post("/v1/generate", strict.key(), PROMPT);

                played.accept().say(text).finish();
                HttpWire.Answer head = slow.head();
                int length = Integer.parseInt(head.header("Content-Length"));
                // 32 parts, a heartbeat apart: five times as long as an idle connection is kept.
                String answer = slow.textInParts(length, length / 32, pace::event);

                assertThat(answer).contains("\"text\":\"" + text + "\"");
            }
        }
    }

    @Test
    void clientThatReadsNothingOfTheLastAnswerIsIdle() throws Exception {
        ConnectionDeadlines deadlines =
                new ConnectionDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(150));
        try (TestService strict = TestService.start(TestService.http(), 1, deadlines);
                HttpWire stuck = new HttpWire(strict.port(), 4096)) {
            PlayedGenerator played = new PlayedGenerator(strict.vertx()).start();
            stuck.post("/v1/generate", strict.key(), PROMPT);

            played.accept().say("x".repeat(8 << 20)).finish();

            await().until(() -> strict.connections() == 0);
        }
    }

    @Test
    void silenceBeforeAnAnswerIsNotTheClientsFault() throws Exception {
        ConnectionDeadlines deadlines = new ConnectionDeadlines(FIRST_REQUEST, FIRST_REQUEST, FIRST_REQUEST);
        try (TestService strict = TestService.start(TestService.http(), 1, deadlines)) {
            PlayedGenerator played = new PlayedGenerator(strict.vertx()).start();
            String strictKey = strict.key();
            try (HttpWire streams = new HttpWire(strict.port()).post("/v1/generate/stream", strictKey, PROMPT);
                    HttpWire waits = new HttpWire(strict.port()).post("/v1/generate", strictKey, PROMPT)) {
                PlayedGenerator.Play first = played.accept();
                PlayedGenerator.Play second = played.accept();
                try (HttpWire silent = new HttpWire(strict.port())) {
                    // It came last and had to go: by then the others would have too.
                    assertThat(silent.isClosedByPeer()).isTrue();
                }
                first.say("late").finish();
                second.say("late").finish();

                assertThat(streams.answer().body()).contains("late");
                assertThat(waits.answer().body()).contains("late");
            }
        }
    }
}
