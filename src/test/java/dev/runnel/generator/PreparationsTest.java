package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationRequest;
import dev.runnel.engine.ModelFacts;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts that wait for an engine which needs long for each. */
class PreparationsTest {

    private static final int AT_ONCE = 2;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final PlayedEngine engine = new PlayedEngine(1, 1000);

    private static GenerationRequest request(String key, String prompt) {
        return GenerationRequest.of(prompt).withMaxTokens(1).withCaller(key, key);
    }

    private List<Future<ClientGeneration>> flood(GeneratorRig rig, int prompts) throws Exception {
        List<Future<ClientGeneration>> answers = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            answers.add(rig.submitting(request("flood", "flood"), () -> false));
        }
        return answers;
    }

    private static void awaitWaiting(GeneratorRig rig, int prompts) {
        await().untilAsserted(() -> assertThat(rig.registry()
                        .get("runnel.prompts.waiting")
                        .tag("model", "played")
                        .gauge()
                        .value())
                .isEqualTo(prompts));
    }

    private static Failure refusal(Future<ClientGeneration> answer) throws Exception {
        try {
            throw new AssertionError(
                    "not refused: " + answer.await(20, TimeUnit.SECONDS).id());
        } catch (GenerationException refused) {
            return refused.failure();
        }
    }

    @Test
    void promptOfAnotherKeyWaitsForOnePromptOfAKeyWithMany() throws Exception {
        engine.holdPreparations();
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            flood(rig, 10);
            awaitWaiting(rig, 10 - AT_ONCE);
            rig.submitting(request("calm", "calm"), () -> false);
            awaitWaiting(rig, 10 - AT_ONCE + 1);

            PlayedEngine.Preparation first = engine.nextPreparation();
            PlayedEngine.Preparation second = engine.nextPreparation();
            first.refuse();
            String third = engine.nextPreparation().text();
            second.refuse();
            String fourth = engine.nextPreparation().text();

            assertThat(List.of(third, fourth)).containsExactly("flood", "calm");
        }
    }

    @Test
    void engineGetsTwoPromptsAtOnce() throws Exception {
        engine.holdPreparations();
        try (var rig = GeneratorRig.with().played(engine).start()) {
            flood(rig, 5);
            awaitWaiting(rig, 5 - AT_ONCE);
            engine.nextPreparation();
            engine.nextPreparation();

            assertThat(engine.preparesNothing()).isTrue();
        }
    }

    @Test
    void promptsBeyondTheBoundAreRefusedAsFull() throws Exception {
        engine.holdPreparations();
        try (var rig = GeneratorRig.with().played(engine).queue(10).start()) {
            flood(rig, AT_ONCE + 32);
            awaitWaiting(rig, 32);

            Failure ofKey = refusal(rig.submitting(request("flood", "flood"), () -> false));
            for (int i = 0; i < 32; i++) {
                rig.submitting(request("second", "second"), () -> false);
            }
            awaitWaiting(rig, 64);
            Failure ofAll = refusal(rig.submitting(request("second", "second"), () -> false));

            assertThat(List.of(ofKey.code(), ofAll.code())).containsOnly(FailureCode.FULL);
            assertThat(ofKey.message()).contains("this key", "try again in " + ofKey.retryAfterSeconds() + " s");
            assertThat(ofAll.message()).startsWith("too many prompts");
            assertThat(ofKey.retryAfterSeconds()).isBetween(1, 60);
        }
    }

    @Test
    void promptOfAConsumerThatLeftIsNotPrepared() throws Exception {
        engine.holdPreparations();
        AtomicBoolean gone = new AtomicBoolean();
        try (var rig = GeneratorRig.with().played(engine).start()) {
            flood(rig, AT_ONCE);
            Future<ClientGeneration> left = rig.submitting(request("flood", "left"), gone::get);
            awaitWaiting(rig, 1);
            rig.submitting(request("flood", "stays"), () -> false);
            awaitWaiting(rig, 2);

            gone.set(true);
            engine.nextPreparation().refuse();
            engine.nextPreparation().refuse();

            assertThat(engine.nextPreparation().text()).isEqualTo("stays");
            assertThat(refusal(left).code()).isEqualTo(FailureCode.CANCELLED);
            assertThat(engine.preparesNothing()).isTrue();
        }
    }

    @Test
    void promptThatWaitsTooLongIsRefusedWithTheTimeToTryAgain() throws Exception {
        engine.holdPreparations();
        try (var rig = GeneratorRig.with()
                .played(engine)
                .deadlines(Duration.ofMillis(20), LONG, LONG)
                .start()) {
            flood(rig, AT_ONCE);
            engine.nextPreparation();
            engine.nextPreparation();

            Failure refusal = refusal(rig.submitting(request("calm", "calm"), () -> false));

            assertThat(refusal.code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
            assertThat(refusal.message()).contains("try again in " + refusal.retryAfterSeconds() + " s");
            awaitWaiting(rig, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaaaaaaaaaa", "ääääää", "€€€€", "😀😀😀"})
    void promptOfMoreBytesThanTheModelHoldsIsRefusedWithoutTheEngine(String prompt) throws Exception {
        var small = new PlayedEngine(new ModelFacts(5, 1, 1000, 10));
        small.holdPreparations();
        try (var rig = GeneratorRig.with().played(small).start()) {
            Failure refusal = rig.refusal(request("key", prompt));

            assertThat(refusal.code()).isEqualTo(FailureCode.CONTEXT_EXCEEDED);
            assertThat(refusal.param()).isEqualTo("prompt");
            assertThat(refusal.message()).matches("prompt: 1[12] bytes, .* 5 tokens, at most 10 bytes");
            assertThat(small.preparesNothing()).isTrue();
        }
    }

    @Test
    void promptOfAsManyBytesAsTheModelHoldsIsPrepared() throws Exception {
        var small = new PlayedEngine(new ModelFacts(5, 1, 1000, 10));
        small.holdPreparations();
        try (var rig = GeneratorRig.with().played(small).start()) {
            rig.submitting(request("key", "äää😀"), () -> false);

            assertThat(small.nextPreparation().text()).isEqualTo("äää😀");
        }
    }
}
