package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.ModelState;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorFailureTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    @ParameterizedTest
    @ValueSource(strings = {"0", "2"})
    void cancelStopsTheEngineBeforeAndBetweenTokens(String stallAfter) throws Exception {
        try (var rig = GeneratorRig.with()
                .model("mute", Map.of("text", "a b c", "stallAfter", stallAfter))
                .start()) {
            Reader reader = rig.submit("x");
            await().until(() -> reader.deltas().size() == Integer.parseInt(stallAfter));

            rig.run(() -> reader.generation().cancel());

            Ended ended = rig.ended();
            assertThat(ended.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(ended.usage()).isEqualTo(new Usage(1, Integer.parseInt(stallAfter), false));
            assertThat(rig.queue("mute").running()).isZero();
        }
    }

    @Test
    void deletedGenerationFinishesAsCancelledWithTheEnginesUsage() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            Reader reader = rig.submit("x");
            PlayedEngine.Run part = engine.nextRun();
            part.say("a", 1);

            String home = GenerationIds.home(reader.id()).orElseThrow();
            rig.vertx().eventBus().send(Addresses.generator(home), new Cancel(reader.id(), Cancel.Cause.DELETED));
            part.awaitCancel();
            part.say("never sent", 1);
            part.complete(FinishReason.STOP);

            Finished end = reader.end();
            assertThat(end.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(end.usage()).isEqualTo(PlayedEngine.USAGE);
            assertThat(reader.text()).isEqualTo("a");
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    @Test
    void consumerThatLeftWithoutACancelEndsTheGeneration() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            String consumer = rig.vertx().deployVerticle(new Careless()).await(5, TimeUnit.SECONDS);
            PlayedEngine.Run part = engine.nextRun();
            rig.vertx().undeploy(consumer).await(5, TimeUnit.SECONDS);

            part.say("a", 1);
            part.awaitCancel();
            part.complete(FinishReason.CANCELLED);

            assertThat(rig.ended().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(rig.queue("played").running()).isZero();
        }
    }

    @Test
    void firstTokenHasALimitThatStartsAfterTheQueue() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, SHORT, LONG).start()) {
            Reader first = rig.submit("x");
            PlayedEngine.Run running = engine.nextRun();
            assertThat(first.failure().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
            Reader waiting = rig.submit("x");
            Promise<Void> longer = Promise.promise();
            rig.run(() -> rig.vertx().setTimer(5 * SHORT.toMillis(), passed -> longer.complete()));
            longer.future().await(20, TimeUnit.SECONDS);
            assertThat(waiting.generation().end().isComplete()).isFalse();

            running.complete(FinishReason.STOP);
            PlayedEngine.Run late = engine.nextRun();
            late.awaitCancel();
            late.complete(FinishReason.CANCELLED);

            assertThat(waiting.failure().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(rig.ended().durations().queueNanos()).isGreaterThanOrEqualTo(5 * SHORT.toNanos());
            assertThat(rig.queue("played").running()).isZero();
        }
    }

    @Test
    void generationThatHasFailedIsUnknownWhileItsEngineRuns() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, SHORT, LONG).start()) {
            Reader reader = rig.submit("x");
            PlayedEngine.Run running = engine.nextRun();
            assertThat(reader.failure().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);

            assertThat(rig.cancel(reader.generation().id())).isFalse();

            running.complete(FinishReason.STOP);
        }
    }

    @Test
    void nextTokenHasALimit() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("halting", Map.of("text", "a b c", "stallAfter", "2"))
                .deadlines(LONG, LONG, SHORT)
                .start()) {
            Reader reader = rig.submit("x");

            assertThat(reader.failure().code()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
            assertThat(reader.text()).isEqualTo("a b");
            assertThat(rig.ended().usage()).isEqualTo(new Usage(1, 2, false));
            assertThat(rig.queue("halting").running()).isZero();
        }
    }

    @Test
    void engineThatDoesNotEndKeepsItsPlaceButNoConsumerWaiting() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, LONG, SHORT).start()) {
            Reader reader = rig.submit("x");
            PlayedEngine.Run part = engine.nextRun();
            part.say("a", 1);
            part.awaitCancel();

            assertThat(reader.failure().code()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(rig.queue("played").running()).isEqualTo(1);

            part.say("late", 1);
            part.complete(FinishReason.STOP);
            await().until(() -> rig.queue("played").running() == 0);
            assertThat(rig.nothingElseEnded()).isTrue();
        }
    }

    @Test
    void failureOfTheEngineIsSentWithItsCodeAndCounted() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("bad", Map.of("text", "a b c", "failAfter", "2", "failure", "upstream_failed"))
                .start()) {
            Reader reader = rig.submit("one two");

            assertThat(reader.failure().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(reader.text()).isEqualTo("a b");
            Ended ended = rig.ended();
            assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(ended.usage()).isEqualTo(new Usage(2, 2, false));
        }
    }

    @Test
    void refusalByTheEngineIsNoFailure() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("strict", Map.of("failAfter", "0", "failure", "invalid_request"))
                .start()) {
            assertThat(rig.submit("one two").failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void engineThatThrowsFailsTheGenerationAndNotTheService() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            engine.throwAtStart();
            assertThat(rig.submit("x").failure().code()).isEqualTo(FailureCode.ENGINE_FAILED);
            assertThat(rig.queue("played").running()).isZero();
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.FAILED);
            assertThat(rig.registry().get("runnel.queue").timer().count()).isEqualTo(1);

            engine.throwAtPrepare();
            assertThat(rig.refusal(GenerationRequest.of("x")).code()).isEqualTo(FailureCode.ENGINE_FAILED);
        }
    }

    @Test
    void unknownModelIsRefusedByName() throws Exception {
        try (var rig = GeneratorRig.with().model("story", Map.of()).start()) {
            Failure refusal = rig.refusal(GenerationRequest.of("x").withModel("other"));

            assertThat(refusal.code()).isEqualTo(FailureCode.UNKNOWN_MODEL);
            assertThat(refusal.param()).isEqualTo("model");
        }
    }

    @Test
    void modelThatDoesNotOpenIsShownAndTheOthersWork() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("contextTokens", "100"))
                .model("gone", Map.of("unavailable", "no such file: fetch it"))
                .start()) {
            assertThat(rig.models().states())
                    .containsExactly(
                            new ModelState(
                                    "story",
                                    true,
                                    true,
                                    100,
                                    100,
                                    1024,
                                    true,
                                    GeneratorRig.CREATED.getEpochSecond(),
                                    null),
                            new ModelState(
                                    "gone",
                                    false,
                                    false,
                                    0,
                                    4096,
                                    1024,
                                    true,
                                    GeneratorRig.CREATED.getEpochSecond(),
                                    "no such file: fetch it"));
            assertThat(rig.submit("x").end().finishReason()).isEqualTo(FinishReason.STOP);
            Failure refusal = rig.refusal(GenerationRequest.of("x").withModel("gone"));
            assertThat(refusal.code()).isEqualTo(FailureCode.MODEL_UNAVAILABLE);
            assertThat(refusal.message()).doesNotContain("file");
        }
    }

    @Test
    void whatDoesNotFitTheContextIsRefusedBeforeItIsAccepted() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("small", Map.of("contextTokens", "10"))
                .start()) {
            assertThat(rig.refusal(GenerationRequest.of("a b").withMaxTokens(9)).param())
                    .isEqualTo("maxTokens");
            assertThat(rig.refusal(GenerationRequest.of("a ".repeat(10))).param())
                    .isEqualTo("prompt");
            assertThat(rig.submit("a b").end().usage().completionTokens()).isEqualTo(8);
        }
    }

    /** Submits and does not close its client. */
    private static final class Careless extends VerticleBase {
        @Override
        public Future<?> start() {
            return GenerationClient.create(vertx).compose(client -> client.submit(GenerationRequest.of("x")));
        }
    }
}
