package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GeneratorDrainTest {

    private static final Map<String, Object> MUTE = Map.of("stallAfter", 0, "sequences", 1);

    @Test
    void drainCompletesWhenWhatRunsAndWhatWaitsHasEnded() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).instances(2).start()) {
            Reader running = rig.submit("x");
            Reader waiting = rig.submit("x");
            Future<?> drained = rig.drain();

            engine.nextRun().complete(FinishReason.STOP);
            running.end();
            PlayedEngine.Run second = engine.nextRun();
            assertThat(drained.isComplete()).isFalse();
            assertThat(rig.refusal(GenerationRequest.of("x")).code()).isEqualTo(FailureCode.DRAINING);
            second.complete(FinishReason.STOP);

            assertThat(waiting.end().finishReason()).isEqualTo(FinishReason.STOP);
            drained.await(5, TimeUnit.SECONDS);
            assertThat(rig.cut()).isZero();
        }
    }

    @Test
    void idleGeneratorIsDrainedAtOnce() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).start()) {
            rig.drain().await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void cutGenerationsGetAFailureAndAreCounted() throws Exception {
        try (var rig = GeneratorRig.with().model("mute", MUTE).start()) {
            Reader running = rig.submit("x");
            Reader waiting = rig.submit("x");
            Future<?> drained = rig.drain();

            assertThat(rig.cut()).isEqualTo(2);

            assertThat(running.failure().code()).isEqualTo(FailureCode.DRAINING);
            assertThat(waiting.failure().retryAfterSeconds()).isPositive();
            drained.await(5, TimeUnit.SECONDS);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void whatIsBeingCancelledAlreadyIsNotCut() throws Exception {
        var engine = new PlayedEngine(1, 1000);
        try (var rig = GeneratorRig.with().played(engine).start()) {
            Reader leaving = rig.submit("x");
            PlayedEngine.Run part = engine.nextRun();
            rig.run(() -> leaving.generation().cancel());
            part.awaitCancel();
            Future<?> drained = rig.drain();

            assertThat(rig.cut()).isZero();

            part.complete(FinishReason.CANCELLED);
            drained.await(5, TimeUnit.SECONDS);
        }
    }
}
