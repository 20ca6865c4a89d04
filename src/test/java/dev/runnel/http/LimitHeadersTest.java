package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.auth.Scope;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the limits are asked for what the headers of a response say. The plan {@code tight} has 6 requests. */
@ExtendWith(PlayedService.class)
class LimitHeadersTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final String GENERATE = "/v1/generate";

    private final TestService service;
    private final PlayedGenerator generator;
    private String key;

    LimitHeadersTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.issue("tight").token();
    }

    private static String asking() {
        return "{\"prompt\":\"abcd\",\"maxTokens\":10}";
    }

    private HttpWire post(String path, String json) {
        return new HttpWire(service.port()).post(path, key, json);
    }

    private Answer refused(String path, String json) {
        try (HttpWire wire = post(path, json)) {
            return wire.answer();
        }
    }

    @Test
    void limitsOfAStreamAreAskedOnce() throws Exception {
        int before = service.statesAsked();
        try (HttpWire wire = post(STREAM, asking())) {
            generator.accept().say("a").finish(FinishReason.STOP, new Usage(1, 1, false));

            Answer answer = wire.answer();

            assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("5");
            assertThat(service.statesAsked()).isEqualTo(before);
        }
    }

    @Test
    void limitsOfAWholeAnswerAreAskedAgainAtItsEnd() throws Exception {
        int before = service.statesAsked();

        try (HttpWire wire = post(GENERATE, asking())) {
            generator.accept().finish(FinishReason.STOP, new Usage(1, 9, false));
            assertThat(wire.answer().status()).isEqualTo(200);
        }

        assertThat(service.statesAsked()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAM, GENERATE, "/v1/chat/completions", "/v1/completions", "/v1/responses"})
    void refusalOfABadRequestCarriesWhatRemains(String path) {
        Answer answer = refused(path, "{\"nonsense\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("6");
    }

    @Test
    void refusalOfAKeyThatMayOnlyObserveCarriesWhatRemains() {
        key = service.issue("tight", Set.of(Scope.OBSERVE)).token();

        Answer answer = refused(STREAM, asking());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("6");
    }
}
