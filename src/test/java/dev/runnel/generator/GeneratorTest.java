package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
            rig.run(() -> rig.vertx().eventBus().consumer("runnel.inbox.test", message -> {
                if (message.body() instanceof Finished finished) {
                    heard.add(finished.generationId());
                } else if (message.body() instanceof Delta delta && delta.sequence() == 0) {
                    heard.add(delta.generationId());
                }
            }));
            for (int i = 0; i < 50; i++) {
                rig.run(() -> rig.vertx()
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
                "", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", Origin.NO_KEY, "runnel.inbox.test");
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
    void inboxGetsOneEndAndThenTheAccount() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig =
                GeneratorRig.with().played(engine).deadlines(LONG, LONG, SHORT).start()) {
            List<Object> inbox = new CopyOnWriteArrayList<>();
            rig.run(() -> rig.vertx().eventBus().consumer("runnel.inbox.test", message -> inbox.add(message.body())));
            rig.vertx().eventBus().request(Addresses.GENERATIONS, submit("x")).await(5, TimeUnit.SECONDS);
            PlayedEngine.Run part = engine.nextRun();
            part.say("a", 1);
            part.awaitCancel();
            part.say("late", 1);
            part.complete(FinishReason.STOP);
            Ended account = rig.ended();
            await().until(() -> rig.queue("played").running() == 0);
            rig.run(() -> {});

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
    void drainingGeneratorAcceptsNothingNewAndFinishesWhatRuns() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            Reader running = rig.submit("x");
            Reader waiting = rig.submit("x");

            rig.models().drain();

            Failure refusal = rig.refusal(GenerationRequest.of("x"));
            assertThat(refusal.code()).isEqualTo(FailureCode.DRAINING);
            assertThat(refusal.retryAfterSeconds()).isPositive();
            engine.nextRun().complete(FinishReason.STOP);
            assertThat(running.end().finishReason()).isEqualTo(FinishReason.STOP);
            engine.nextRun().complete(FinishReason.STOP);
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

            rig.run(() -> reader.generation().deltas().resume());

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
                rig.submit(GenerationRequest.of("one two").withCaller("someone", "key-1"))
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
