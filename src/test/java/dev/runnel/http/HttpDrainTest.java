package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import dev.runnel.text.Failure;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FreshService.class)
class HttpDrainTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final String PROMPT = "{\"prompt\":\"x\"}";

    private final TestService service;
    private final PlayedGenerator generator;

    HttpDrainTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
    }

    private Future<Void> drain() {
        return service.instances().get(0).drain();
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(answer.body()).contains("\"type\":\"overloaded_error\"", "\"code\":\"draining\"");
    }

    @Test
    void idleConnectionIsClosedAtOnce() throws Exception {
        try (HttpWire wire = new HttpWire(service.port())) {
            wire.get("/v1/models", HttpWire.bearer(service.key())).answer();

            drain().await(5, TimeUnit.SECONDS);

            assertThat(wire.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void streamContinuesAndItsConnectionIsClosedAfterIt() throws Exception {
        try (HttpWire wire = new HttpWire(service.port())) {
            wire.post(STREAM, service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept().say("a");
            Future<Void> drained = drain();

            play.say("b").finish();

            assertThat(StreamRules.check(wire.answer().bytes()).text()).isEqualTo("ab");
            assertThat(wire.isClosedByPeer()).isTrue();
            drained.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void streamThatIsCutHasOneErrorEvent() throws Exception {
        try (HttpWire wire = new HttpWire(service.port());
                HttpWire whole = new HttpWire(service.port())) {
            wire.post(STREAM, service.key(), PROMPT);
            PlayedGenerator.Play play = generator.accept().say("a");
            whole.post("/v1/generate", service.key(), PROMPT);
            PlayedGenerator.Play answer = generator.accept();
            Future<Void> drained = drain();

            play.fail(Failure.draining());
            answer.fail(Failure.draining());

            Streamed streamed = StreamRules.check(wire.answer().bytes());
            assertThat(streamed.error().orElseThrow().get("code").asText()).isEqualTo("draining");
            assertRefused(whole.answer());
            drained.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void requestOfANewConnectionIsRefused() throws Exception {
        drain().await(5, TimeUnit.SECONDS);

        for (String path : new String[] {STREAM, "/v1/generate"}) {
            try (HttpWire wire = new HttpWire(service.port())) {
                wire.post(path, service.key(), PROMPT);

                assertRefused(wire.answer());
                assertThat(wire.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void connectionThatWasMadeBeforeTheDrainGetsItsRefusal() throws Exception {
        try (HttpWire wire = new HttpWire(service.port())) {
            drain().await(5, TimeUnit.SECONDS);

            assertRefused(wire.post(STREAM, service.key(), PROMPT).answer());
        }
    }

    @Test
    void requestWhoseBodyIsOnItsWayIsRefused() throws Exception {
        try (HttpWire wire = new HttpWire(service.port())) {
            String length = "Content-Length: " + PROMPT.length();
            String key = HttpWire.bearer(service.key());
            wire.send(HttpWire.requestHead("POST", STREAM, key, HttpWire.JSON, length, "Expect: 100-continue"));
            assertThat(wire.head().status()).isEqualTo(100);
            Future<Void> drained = drain();

            assertRefused(wire.answer());

            wire.send(PROMPT);
            assertThat(wire.isClosedByPeer()).isTrue();
            drained.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void clientMayStillAttachToAGenerationThatRuns() throws Exception {
        String idempotencyKey = "Idempotency-Key: drained";
        try (HttpWire first = new HttpWire(service.port());
                HttpWire byKey = new HttpWire(service.port());
                HttpWire byId = new HttpWire(service.port())) {
            first.post(STREAM, service.key(), PROMPT, idempotencyKey);
            PlayedGenerator.Play play = generator.accept().say("a");
            first.head();
            Future<Void> drained = drain();

            byKey.post(STREAM, service.key(), PROMPT, idempotencyKey);
            byId.get("/v1/generate/" + play.id() + "/stream", HttpWire.bearer(service.key()));
            assertThat(byKey.head().status()).isEqualTo(200);
            assertThat(byId.head().status()).isEqualTo(200);

            play.say("b").finish();
            assertThat(new ResumedStream(byKey, "").readAll().text()).isEqualTo("ab");
            assertThat(new ResumedStream(byId, "").readAll().text()).isEqualTo("ab");
            assertThat(new ResumedStream(first, "").readAll().text()).isEqualTo("ab");
            drained.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void otherRoutesAnswerUntilTheEnd() throws Exception {
        drain().await(5, TimeUnit.SECONDS);

        try (HttpWire wire = new HttpWire(service.port())) {
            Answer answer =
                    wire.get("/v1/usage", HttpWire.bearer(service.key())).answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void clientThatDoesNotReadIsDroppedAndCounted() throws Exception {
        try (HttpWire wire = new HttpWire(service.port(), 4096)) {
            wire.post(STREAM, service.key(), PROMPT);
            generator.accept().say("x".repeat(8 << 20)).finish();
            wire.head();
            Future<Void> drained = drain();
            HttpVerticle verticle = service.instances().get(0);

            assertThat(drained.isComplete()).isFalse();
            assertThat(verticle.abort().await(5, TimeUnit.SECONDS)).isEqualTo(1);

            drained.await(5, TimeUnit.SECONDS);
            assertThat(verticle.abort().await(5, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void drainWaitsForASlowClientThatAttachedMeanwhile() throws Exception {
        HttpVerticle verticle = service.instances().get(0);
        try (HttpWire first = new HttpWire(service.port());
                HttpWire slow = new HttpWire(service.port(), 4096)) {
            first.post(STREAM, service.key(), PROMPT, "Idempotency-Key: slow");
            PlayedGenerator.Play play = generator.accept();
            first.head();
            Future<Void> drained = drain();
            slow.get("/v1/generate/" + play.id() + "/stream?includeText=false", HttpWire.bearer(service.key()));
            assertThat(slow.head().status()).isEqualTo(200);

            play.say("x".repeat(8 << 20)).finish();
            first.reset();
            await().until(() -> service.connections() == 1);

            assertThat(verticle.abort().await(5, TimeUnit.SECONDS)).isEqualTo(1);
            drained.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void laterDrainWaitsForAClientThatAttachedAfterTheEarlierOne() throws Exception {
        HttpVerticle verticle = service.instances().get(0);
        try (HttpWire slow = new HttpWire(service.port(), 4096)) {
            PlayedGenerator.Play play;
            try (HttpWire first = new HttpWire(service.port())) {
                first.post(STREAM, service.key(), PROMPT, "Idempotency-Key: later");
                play = generator.accept();
                first.head();
            }
            drain().await(5, TimeUnit.SECONDS);
            slow.get("/v1/generate/" + play.id() + "/stream", HttpWire.bearer(service.key()));
            assertThat(slow.head().status()).isEqualTo(200);
            play.say("x".repeat(8 << 20)).finish();

            Future<Void> later = drain();

            assertThat(verticle.abort().await(5, TimeUnit.SECONDS)).isEqualTo(1);
            later.await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void newIdempotencyKeyIsRefusedDuringADrain() throws Exception {
        drain().await(5, TimeUnit.SECONDS);

        try (HttpWire wire = new HttpWire(service.port())) {
            wire.post(STREAM, service.issue("roomy").token(), PROMPT, "Idempotency-Key: new");

            Answer answer = wire.answer();
            assertRefused(answer);
            assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("1000000");
        }
        assertThat(generator.waitingSubmits()).isZero();
    }
}
