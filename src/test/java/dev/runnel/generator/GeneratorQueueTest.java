package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GeneratorQueueTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Silent before its first token, with one place. */
    private static final Map<String, Object> MUTE = Map.of("stallAfter", "0", "sequences", "1");

    private static Submit submit(String prompt) {
        return new Submit(
                "", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", Origin.NO_KEY, "runnel.inbox.test");
    }

    @Test
    void fullQueueRefusesWithTheTimeToTryAgain() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).queue(2).start()) {
            for (String key : List.of("a", "b", "c")) {
                rig.submit(GenerationRequest.of("x").withCaller("someone", key));
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
            GenerationRequest flood = GenerationRequest.of("x").withCaller("someone", "flood");
            for (int i = 0; i < 3; i++) {
                rig.submit(flood);
            }

            Failure refusal = rig.refusal(flood);

            assertThat(refusal.code()).isEqualTo(FailureCode.FULL);
            assertThat(refusal.retryAfterSeconds()).isBetween(1, 60);
            assertThat(refusal.message())
                    .contains("this key", "mute", "try again in " + refusal.retryAfterSeconds() + " s");
            rig.submit(GenerationRequest.of("x").withCaller("someone", "calm"));
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
                engine.nextRun().complete(FinishReason.STOP);
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
                engine.nextRun().complete(FinishReason.STOP);
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
            PlayedEngine.Run running = engine.nextRun();
            Reader calm = rig.submit(flood.withCaller("calm", "calm"));
            rig.submit(flood);

            running.complete(FinishReason.STOP);
            engine.nextRun().complete(FinishReason.STOP);
            engine.nextRun().complete(FinishReason.LENGTH);

            assertThat(calm.end().finishReason()).isEqualTo(FinishReason.LENGTH);
            for (int i = 0; i < 8; i++) {
                engine.nextRun().complete(FinishReason.STOP);
            }
        }
    }

    @Test
    void nextInTheQueueStartsWhenAPlaceIsReleased() throws Exception {
        var engine = new PlayedEngine(1, 100);
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            Reader first = rig.submit(GenerationRequest.of("x").withMaxTokens(60));
            Reader second = rig.submit(GenerationRequest.of("x").withMaxTokens(60));
            PlayedEngine.Run part = engine.nextRun();
            assertThat(engine.nothingIsStarted()).isTrue();

            part.complete(FinishReason.LENGTH);

            assertThat(first.end().finishReason()).isEqualTo(FinishReason.LENGTH);
            engine.nextRun().complete(FinishReason.STOP);
            assertThat(second.end().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void cancelInTheQueueFreesThePlaceInIt() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).queue(1).start()) {
            rig.submit("x");
            Reader waiting = rig.submit("x");

            rig.run(() -> waiting.generation().cancel());

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
}
