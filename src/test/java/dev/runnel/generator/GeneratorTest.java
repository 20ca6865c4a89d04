package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.ModelState;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Silent before its first token, with one place. */
    private static final Map<String, Object> MUTE = Map.of("stallAfter", "0", "sequences", "1");

    @Test
    void textComesInPiecesAndThenTheEndWithItsUsage() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "Once upon a time"))
                .start()) {
            Reader reader = rig.submit(GenerationRequest.of("Tell me a story")
                    .withCaller("alice", "key-1")
                    .withRequestId("r-1", null));

            Finished end = reader.end();
            assertThat(end.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(end.usage()).isEqualTo(new Usage(4, 4, false));
            assertThat(reader.deltas())
                    .extracting(delta -> delta.text().toString())
                    .containsExactly("Once", " upon", " a", " time");
            assertThat(reader.deltas()).extracting(Delta::sequence).containsExactly(0L, 1L, 2L, 3L);
            Ended ended = rig.ended();
            assertThat(ended.generationId()).isEqualTo(reader.id()).startsWith("gen_");
            assertThat(List.of(ended.caller(), ended.keyId(), ended.requestId(), ended.model()))
                    .containsExactly("alice", "key-1", "r-1", "story");
            assertThat(ended.outcome()).isEqualTo(Outcome.STOP);
            assertThat(ended.usage()).isEqualTo(end.usage());
            assertThat(ended.durations().firstTokenNanos())
                    .isBetween(0L, ended.durations().totalNanos());
        }
    }

    @Test
    void acceptanceComesBeforeTheFirstDelta() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "a b", "sequences", "1"))
                .queue(100)
                .instances(2)
                .start()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            rig.loop()
                    .run(() -> rig.vertx().eventBus().consumer("runnel.inbox.test", message -> {
                        if (message.body() instanceof Finished finished) {
                            heard.add(finished.generationId());
                        } else if (message.body() instanceof Delta delta && delta.sequence() == 0) {
                            heard.add(delta.generationId());
                        }
                    }));
            for (int i = 0; i < 50; i++) {
                rig.loop()
                        .run(() -> rig.vertx()
                                .eventBus()
                                .request(Addresses.GENERATIONS, submit("x"))
                                .onSuccess(reply -> heard.add("accepted " + ((Accepted) reply.body()).generationId())));
            }
            for (int i = 0; i < 50; i++) {
                String id = rig.ended().generationId();
                await().until(() -> heard.stream().filter(id::equals).count() == 2);
                assertThat(heard.indexOf("accepted " + id)).isBetween(0, heard.indexOf(id));
            }
        }
    }

    private static Submit submit(String prompt) {
        return new Submit(
                "", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", "", "", null, "runnel.inbox.test", 1);
    }

    @Test
    void generatorOnAnEventLoopOfItsOwnIsFoundThere() throws Exception {
        try (var rig =
                GeneratorRig.with().model("story", Map.of()).instances(64).start()) {
            var homes = new CopyOnWriteArrayList<String>();
            for (int i = 0; i < 5; i++) {
                Reader reader = rig.submit("x");
                reader.end();
                homes.add(GenerationIds.home(reader.id()).orElseThrow());
            }
            assertThat(homes.stream().distinct()).hasSize(1);
        }
    }

    @Test
    void fullQueueRefusesWithTheTimeToTryAgain() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).queue(2).start()) {
            for (String key : List.of("a", "b", "c")) {
                rig.submit(GenerationRequest.of("x").withCaller("somebody", key));
            }

            Failure refusal = rig.refusal(GenerationRequest.of("x"));

            assertThat(refusal.code()).isEqualTo(FailureCode.FULL);
            assertThat(refusal.retryAfterSeconds()).isBetween(1, 60);
            assertThat(refusal.message()).contains("mute", "try again in " + refusal.retryAfterSeconds() + " s");
            assertThat(rig.queue("mute").waiting()).isEqualTo(2);
        }
    }

    @Test
    void instancesShareOneQueue() throws Exception {
        try (var rig =
                GeneratorRig.with().model("mute", MUTE).queue(10).instances(3).start()) {
            List<String> homes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                var accepted = (Accepted) rig.vertx()
                        .eventBus()
                        .request(Addresses.GENERATIONS, submit("x"))
                        .await(5, TimeUnit.SECONDS)
                        .body();
                homes.add(accepted.generator());
            }

            assertThat(homes.stream().distinct()).hasSize(3);
            assertThat(rig.queue("mute").running()).isEqualTo(1);
            assertThat(rig.queue("mute").waiting()).isEqualTo(5);
            assertThat(rig.refusal(GenerationRequest.of("x")).code()).isEqualTo(FailureCode.FULL);
        }
    }

    @Test
    void oneKeyMayUseHalfOfTheQueueAndIsRefusedWithTheReason() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).queue(4).start()) {
            GenerationRequest flood = GenerationRequest.of("x").withCaller("somebody", "flood");
            for (int i = 0; i < 3; i++) {
                rig.submit(flood);
            }

            Failure refusal = rig.refusal(flood);

            assertThat(refusal.code()).isEqualTo(FailureCode.FULL);
            assertThat(refusal.retryAfterSeconds()).isBetween(1, 60);
            assertThat(refusal.message())
                    .contains("this key", "mute", "try again in " + refusal.retryAfterSeconds() + " s");
            rig.submit(GenerationRequest.of("x").withCaller("somebody", "calm"));
            rig.submit("x");
            assertThat(rig.queue("mute").waiting()).isEqualTo(4);
        }
    }

    @Test
    void keyRunsNoMoreThanItsShareOfThePlacesAndOthersGetTheRest() throws Exception {
        var engine = new PlayedEngine(4, 100);
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            GenerationRequest request = GenerationRequest.of("x").withMaxTokens(1);
            for (int i = 0; i < 3; i++) {
                rig.submit(request.withCaller("greedy", "greedy").withShare(0.5));
            }
            rig.submit(request.withCaller("other", "other"));

            assertThat(rig.queue("played").running()).isEqualTo(3);
            assertThat(rig.queue("played").waiting()).isEqualTo(1);
            for (int i = 0; i < 4; i++) {
                engine.nextPart().complete(FinishReason.STOP);
                rig.ended();
            }
            assertThat(rig.queue("played").waiting() + rig.queue("played").running())
                    .isZero();
        }
    }

    @Test
    void keyWithoutWaitingRequestsDisplacesTheYoungestOfTheKeyWithTheMost() throws Exception {
        var engine = new PlayedEngine(1, 100);
        try (var rig = GeneratorRig.with().played(engine).queue(3).instances(2).start()) {
            GenerationRequest request = GenerationRequest.of("x").withMaxTokens(1);
            List<Reader> greedy = new ArrayList<>();
            for (String key : List.of("one", "two", "one", "one")) {
                greedy.add(rig.submit(request.withCaller("greedy", key)));
            }

            Reader polite = rig.submit(request.withCaller("polite", "polite"));

            Failure failure = greedy.get(3).failure();
            assertThat(failure.code()).isEqualTo(FailureCode.DISPLACED);
            assertThat(failure.retryAfterSeconds()).isBetween(1, 60);
            assertThat(failure.message()).endsWith("try again in " + failure.retryAfterSeconds() + " s");
            Ended ended = rig.ended();
            assertThat(ended.generationId()).isEqualTo(greedy.get(3).id());
            assertThat(ended.failure()).isEqualTo(FailureCode.DISPLACED);
            for (int i = 0; i < 4; i++) {
                engine.nextPart().complete(FinishReason.STOP);
            }
            assertThat(polite.end().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(rig.queue("played").waiting() + rig.queue("played").running())
                    .isZero();
        }
    }

    @Test
    void keyWithOneRequestWaitsAtMostOneTurnOfNineThatFlood() throws Exception {
        var engine = new PlayedEngine(1, 100);
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            GenerationRequest flood = GenerationRequest.of("x").withMaxTokens(1).withCaller("flood", "flood");
            for (int i = 0; i < 9; i++) {
                rig.submit(flood);
            }
            PlayedEngine.Part running = engine.nextPart();
            Reader calm = rig.submit(flood.withCaller("calm", "calm"));
            rig.submit(flood);

            running.complete(FinishReason.STOP);
            engine.nextPart().complete(FinishReason.STOP);
            engine.nextPart().complete(FinishReason.LENGTH);

            assertThat(calm.end().finishReason()).isEqualTo(FinishReason.LENGTH);
            for (int i = 0; i < 8; i++) {
                engine.nextPart().complete(FinishReason.STOP);
            }
        }
    }

    @Test
    void nextInTheQueueStartsWhenAPlaceIsReleased() throws Exception {
        var engine = new PlayedEngine(1, 100);
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            Reader first = rig.submit(GenerationRequest.of("x").withMaxTokens(60));
            Reader second = rig.submit(GenerationRequest.of("x").withMaxTokens(60));
            PlayedEngine.Part part = engine.nextPart();
            assertThat(engine.nothingIsStarted()).isTrue();

            part.complete(FinishReason.LENGTH);

            assertThat(first.end().finishReason()).isEqualTo(FinishReason.LENGTH);
            engine.nextPart().complete(FinishReason.STOP);
            assertThat(second.end().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void cancelInTheQueueFreesThePlaceInIt() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).queue(1).start()) {
            rig.submit("x");
            Reader waiting = rig.submit("x");

            rig.loop().run(() -> waiting.generation().cancel());

            Ended ended = rig.ended();
            assertThat(ended.generationId()).isEqualTo(waiting.id());
            assertThat(ended.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(ended.usage()).isEqualTo(Usage.NONE);
            assertThat(ended.durations().firstTokenNanos()).isEqualTo(Ended.Durations.NONE);
            assertThat(waiting.failure().code()).isEqualTo(FailureCode.CANCELLED);
            assertThat(rig.queue("mute").waiting()).isZero();
            assertThat(rig.queue("mute").running()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2"})
    void cancelStopsTheEngineBeforeAndBetweenTokens(String stallAfter) throws Exception {
        try (var rig = GeneratorRig.with()
                .model("mute", Map.of("text", "a b c", "stallAfter", stallAfter))
                .start()) {
            Reader reader = rig.submit("x");
            await().until(() -> reader.deltas().size() == Integer.parseInt(stallAfter));

            rig.loop().run(() -> reader.generation().cancel());

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
            PlayedEngine.Part part = engine.nextPart();
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
            PlayedEngine.Part part = engine.nextPart();
            rig.vertx().undeploy(consumer).await(5, TimeUnit.SECONDS);

            part.say("a", 1);
            part.awaitCancel();
            part.complete(FinishReason.CANCELLED);

            assertThat(rig.ended().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(rig.queue("played").running()).isZero();
        }
    }

    /** Submits and does not close its client. */
    private static final class Careless extends VerticleBase {
        @Override
        public Future<?> start() {
            return GenerationClient.create(vertx).compose(client -> client.submit(GenerationRequest.of("x")));
        }
    }

    @Test
    void waitInTheQueueHasALimit() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("mute", MUTE)
                .deadlines(SHORT, LONG, LONG)
                .start()) {
            rig.submit("x");
            Reader waiting = rig.submit("x");

            Failure failure = waiting.failure();

            assertThat(failure.code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
            assertThat(failure.retryAfterSeconds()).isPositive();
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(rig.queue("mute").waiting()).isZero();
        }
    }

    @Test
    void firstTokenHasALimitThatStartsAfterTheQueue() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, SHORT, LONG).start()) {
            Reader first = rig.submit("x");
            PlayedEngine.Part running = engine.nextPart();
            assertThat(first.failure().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
            Reader waiting = rig.submit("x");
            Promise<Void> longer = Promise.promise();
            rig.loop().run(() -> rig.vertx().setTimer(5 * SHORT.toMillis(), passed -> longer.complete()));
            longer.future().await(20, TimeUnit.SECONDS);
            assertThat(waiting.generation().end().isComplete()).isFalse();

            running.complete(FinishReason.STOP);
            PlayedEngine.Part late = engine.nextPart();
            late.awaitCancel();
            late.complete(FinishReason.CANCELLED);

            assertThat(waiting.failure().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(rig.ended().durations().queueNanos()).isGreaterThanOrEqualTo(5 * SHORT.toNanos());
            assertThat(rig.queue("played").running()).isZero();
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
    void tokensWithoutTextGoWithTheNextDelta() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("slow", Map.of("pieces", List.of("a", "", "", "b", "")))
                .start()) {
            Reader reader = rig.submit("x");

            assertThat(reader.end().usage().completionTokens()).isEqualTo(5);
            assertThat(reader.deltas()).extracting(Delta::tokens).containsExactly(1, 3);
        }
    }

    @Test
    void engineThatDoesNotEndKeepsItsPlaceButNoConsumerWaiting() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, LONG, SHORT).start()) {
            Reader reader = rig.submit("x");
            PlayedEngine.Part part = engine.nextPart();
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
    void inboxGetsOneEndAndThenTheAccount() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, LONG, SHORT).start()) {
            List<Object> inbox = new CopyOnWriteArrayList<>();
            rig.loop()
                    .run(() ->
                            rig.vertx().eventBus().consumer("runnel.inbox.test", message -> inbox.add(message.body())));
            rig.vertx().eventBus().request(Addresses.GENERATIONS, submit("x")).await(5, TimeUnit.SECONDS);
            PlayedEngine.Part part = engine.nextPart();
            part.say("a", 1);
            part.awaitCancel();
            part.say("late", 1);
            part.complete(FinishReason.STOP);
            Ended account = rig.ended();
            await().until(() -> rig.queue("played").running() == 0);
            rig.loop().run(() -> {});

            assertThat(inbox).hasSize(3);
            assertThat(inbox.get(0)).isInstanceOf(Delta.class);
            assertThat(inbox.get(1))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.sequence()).isEqualTo(1));
            assertThat(inbox.get(2)).isEqualTo(account);
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
                            new ModelState("story", true, true, 100, 100, null),
                            new ModelState("gone", false, false, 0, 4096, "no such file: fetch it"));
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

    @Test
    void drainingGeneratorAcceptsNothingNewAndFinishesWhatRuns() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            Reader running = rig.submit("x");
            Reader waiting = rig.submit("x");

            rig.models().drain();

            Failure refusal = rig.refusal(GenerationRequest.of("x"));
            assertThat(refusal.code()).isEqualTo(FailureCode.DRAINING);
            assertThat(refusal.retryAfterSeconds()).isPositive();
            engine.nextPart().complete(FinishReason.STOP);
            assertThat(running.end().finishReason()).isEqualTo(FinishReason.STOP);
            engine.nextPart().complete(FinishReason.STOP);
            assertThat(waiting.end().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void stoppedGeneratorFailsWhatRunsAndWaits() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).start()) {
            Reader running = rig.submit("x");
            Reader waiting = rig.submit("x");

            rig.undeploy();

            assertThat(running.failure().code()).isEqualTo(FailureCode.DRAINING);
            assertThat(waiting.failure().code()).isEqualTo(FailureCode.DRAINING);
            assertThat(rig.queue("mute").running() + rig.queue("mute").waiting())
                    .isZero();
            assertThat(rig.refusal(GenerationRequest.of("x")).code()).isEqualTo(FailureCode.MODEL_UNAVAILABLE);
        }
    }

    @Test
    void observersGetTheVeryDeltasThatAreSent() throws Exception {
        try (var rig =
                GeneratorRig.with().model("story", Map.of("text", "a b c")).start()) {
            Reader reader = rig.submit("x");
            reader.end();
            rig.ended();

            await().until(() -> rig.observed().size() == 3);
            for (int i = 0; i < 3; i++) {
                assertThat(rig.observed().get(i)).isSameAs(reader.deltas().get(i));
            }
        }
    }

    @Test
    void withoutPublishDeltasObserversGetOnlyTheEnd() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "a b c"))
                .unpublished()
                .start()) {
            rig.submit("x").end();

            rig.ended();
            assertThat(rig.observed()).isEmpty();
        }
    }

    @Test
    void pausedConsumerDelaysNoOtherAndGetsAllAtOnce() throws Exception {
        String text = "a word of the story ".repeat(300).strip();
        try (var rig = GeneratorRig.with().model("story", Map.of("text", text)).start()) {
            Reader reader = rig.submitPaused(GenerationRequest.of("x").withMaxTokens(4000));
            rig.ended();
            assertThat(reader.generation().end().isComplete()).isFalse();

            rig.loop().run(() -> reader.generation().deltas().resume());

            assertThat(reader.end().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(reader.text()).isEqualTo(text);
            assertThat(reader.deltas().size()).isLessThan(1500);
        }
    }

    @Test
    void metersAddUp() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "a b c", "sequences", "1"))
                .queue(0)
                .start()) {
            for (int i = 0; i < 3; i++) {
                rig.submit(GenerationRequest.of("one two").withCaller("somebody", "key-1"))
                        .end();
                rig.ended();
            }
            rig.refusal(GenerationRequest.of("x").withModel("other"));

            assertCounter(rig, 3, "runnel.generations", "outcome", "stop");
            assertCounter(rig, 6, "runnel.tokens", "type", "prompt");
            assertCounter(rig, 9, "runnel.tokens", "type", "completion");
            assertCounter(rig, 3, "runnel.key.requests", "key", "key-1");
            assertCounter(rig, 9, "runnel.key.tokens", "key", "key-1", "type", "completion");
            assertCounter(rig, 9, "runnel.deltas");
            assertCounter(rig, 1, "runnel.generations.refused", "reason", "unknown_model");
            MeterRegistry registry = rig.registry();
            assertThat(registry.get("runnel.queue").timer().count()).isEqualTo(3);
            assertThat(registry.get("runnel.queue.depth")
                            .tag("model", "story")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(registry.get("runnel.generations.running").gauge().value())
                    .isZero();
        }
    }

    private static void assertCounter(GeneratorRig rig, double count, String name, String... tags) {
        assertThat(rig.registry().get(name).tags(tags).counter().count())
                .as("%s %s", name, List.of(tags))
                .isEqualTo(count);
    }
}
