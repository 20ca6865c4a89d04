package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.IssuedKey;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.Usage;
import io.vertx.core.eventbus.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A key that is revoked, as the command line does it, while it is in use. */
@ExtendWith(PlayedService.class)
class RevokedKeyTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final String GENERATE = "/v1/generate";
    private static final String BODY = "{\"prompt\":\"abcd\",\"maxTokens\":10}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final IssuedKey key;

    RevokedKeyTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.issue("tight");
    }

    private HttpWire post(String path, IssuedKey by) {
        return new HttpWire(service.port()).post(path, by.token(), BODY);
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("authentication_error", "revoked");
    }

    @Test
    void openStreamEndsWithAnAuthenticationErrorAndItsGenerationIsCancelled() throws Exception {
        try (HttpWire wire = post(STREAM, key)) {
            Play play = generator.accept().say("a");
            wire.head();
            wire.event();

            service.revoke(key);

            assertThat(wire.event())
                    .isEqualTo("data: {\"error\":{\"type\":\"authentication_error\",\"message\":"
                            + "\"The API key was revoked: ask for a new one\"}}\n\n");
            assertThat(wire.chunk()).isEmpty();
            assertThat(generator.cancel()).isEqualTo(new Cancel(play.id(), Cancel.Cause.CONSUMER_GONE));
            play.account(new Usage(1, 1, false));
            await().until(() -> service.limiter().running() == 0);
        }
    }

    @Test
    void streamThatWaitsInTheQueueEndsToo() throws Exception {
        try (HttpWire wire = post(STREAM, key)) {
            Play play = generator.accept();

            service.revoke(key);

            assertThat(StreamRules.check(wire.answer().bytes()).error()).isPresent();
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            play.account(Usage.NONE);
        }
    }

    @Test
    void answerAtOnceIsRefused() throws Exception {
        try (HttpWire wire = post(GENERATE, key)) {
            Play play = generator.accept().say("a");

            service.revoke(key);

            assertRefused(wire.answer());
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            play.account(Usage.NONE);
        }
    }

    @Test
    void generationThatIsAcceptedAfterTheRevocationIsCancelled() throws Exception {
        try (HttpWire wire = post(STREAM, key)) {
            Message<Submit> submit = generator.submit();
            service.revoke(key);
            await().until(() -> refusesNewRequests(key));

            Play play = generator.accept(submit);

            assertThat(StreamRules.check(wire.answer().bytes()).error()).isPresent();
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            play.account(Usage.NONE);
        }
    }

    @Test
    void requestWhoseBodyArrivesAfterTheRevocationIsNotSubmitted() throws Exception {
        try (HttpWire wire = new HttpWire(service.port())) {
            wire.send(HttpWire.requestHead(
                    "POST",
                    GENERATE,
                    HttpWire.bearer(key.token()),
                    HttpWire.JSON,
                    "Content-Length: " + BODY.length(),
                    "Expect: 100-continue"));
            assertThat(wire.head().status()).isEqualTo(100);
            service.revoke(key);
            await().until(() -> refusesNewRequests(key));

            wire.send(BODY);

            assertRefused(wire.answer());
            assertThat(service.limiter().running()).isZero();
        }
    }

    @Test
    void othersGoOn() throws Exception {
        IssuedKey other = service.issue("tight");
        try (HttpWire revoked = post(STREAM, key)) {
            Play ends = generator.accept();
            try (HttpWire wire = post(STREAM, other)) {
                Play goesOn = generator.accept().say("a");
                service.revoke(key);
                revoked.answer();
                assertThat(generator.cancel().generationId()).isEqualTo(ends.id());
                ends.account(Usage.NONE);

                goesOn.say("b").finish();

                assertThat(StreamRules.check(wire.answer().bytes()).text()).isEqualTo("ab");
            }
        }
    }

    private boolean refusesNewRequests(IssuedKey by) {
        try (HttpWire wire = new HttpWire(service.port())) {
            return wire.get("/v1/models", HttpWire.bearer(by.token())).answer().status() == 401;
        }
    }
}
