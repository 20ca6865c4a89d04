package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.Status;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A generation that was cancelled by name does not go on, also if its generator could not obey. */
@ExtendWith(VertxExtension.class)
class GuardCancelTest {

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
    }

    private void assertEnded(FinishReason reason, Ended.Outcome outcome) throws Exception {
        assertThat(rig.end().finishReason()).isEqualTo(reason);
        assertThat(rig.account().outcome()).isEqualTo(outcome);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.account()));
        assertThat(rig.b.waiting()).isZero();
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
    }

    private void cancel(Cancel.Cause cause) throws Exception {
        rig.run(() -> rig.generation.cancel(cause));
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), cause));
    }

    @Test
    void generatorDiesBeforeItObeys() throws Exception {
        cancel(Cancel.Cause.DELETED);

        rig.a.gone();

        assertEnded(FinishReason.CANCELLED, Ended.Outcome.CANCELLED);
    }

    @Test
    void verticleCancelsWhatHasGoneOnElsewhere() throws Exception {
        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        rig.awaitText("Once upon");

        assertThat(asked(() -> rig.client.cancel(rig.generation.id(), Cancel.Cause.FILTERED)))
                .isTrue();

        assertThat(rig.b.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.FILTERED));
        assertThat(asked(() -> rig.client.look(rig.generation.id(), "owner")).phase())
                .isEqualTo(Status.Phase.RUNNING);
        assertThat(asked(() -> rig.client.cancel("gen_0123ABCD0123ABCD0123ABCD", Cancel.Cause.FILTERED)))
                .isFalse();
    }

    @Test
    void generationThatASilentNodeMayRunIsNotUnknown() throws Exception {
        String silent = "runnel.generator.silent";
        rig.vertx.eventBus().consumer(silent, question -> {}).completion().await(20, TimeUnit.SECONDS);
        rig.nodes.heard(new Heartbeat("silent", 1, 1, "secret", 1, List.of(silent), List.of()));
        String id = "gen_0123ABCD0123ABCD0123ABCD";

        assertThat(catchThrowableOfType(GenerationException.class, () -> asked(() -> rig.client.look(id, "owner")))
                        .failure()
                        .code())
                .isEqualTo(FailureCode.CLUSTER);
        assertThat(asked(() -> rig.client.look(rig.generation.id(), "owner")).phase())
                .isEqualTo(Status.Phase.RUNNING);
    }

    @Test
    void verticleCancelsWhatNoGeneratorRunsYet() throws Exception {
        rig.a.gone();
        await().until(() -> rig.b.waiting() == 1);

        assertThat(asked(() -> rig.client.cancel(rig.generation.id(), Cancel.Cause.FILTERED)))
                .isTrue();

        assertThat(rig.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    private <T> T asked(Supplier<Future<T>> question) throws Exception {
        Promise<T> answer = Promise.promise();
        rig.run(() -> question.get().onComplete(answer));
        return answer.future().await(20, TimeUnit.SECONDS);
    }

    @Test
    void generatorThatStopsDidNotHearTheGuard() throws Exception {
        cancel(Cancel.Cause.FILTERED);

        rig.first.fail(1, Failure.draining());

        assertEnded(FinishReason.CONTENT_FILTER, Ended.Outcome.CONTENT_FILTER);
    }

    @Test
    void messageIsLostAfterTheCancel() throws Exception {
        cancel(Cancel.Cause.DELETED);

        rig.first.say(2, " a");

        assertEnded(FinishReason.CANCELLED, Ended.Outcome.CANCELLED);
    }
}
