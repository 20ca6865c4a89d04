package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Status;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client takes over a generation whose client is gone. */
@ExtendWith(VertxExtension.class)
class AdoptionsTest {

    private static final String ID = "gen_0123ABCD0123ABCD0123ABCD";
    private static final Continuation CONTINUATION =
            new Continuation(ID, 2, 5, new TextSoFar("Once upon", TokenIds.of(List.of(11, 12)), 2));

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
    }

    private PlayedNode.Run adopted(Continuation continuation) throws Exception {
        Future<ClientGeneration> adopting = rig.adopt(ID, rig.a);
        PlayedNode.Run run = rig.a.handOver(continuation);
        adopting.await(20, TimeUnit.SECONDS);
        return run;
    }

    @Test
    void textSoFarComesFirstAndThenWhatFollows() throws Exception {
        PlayedNode.Run run = adopted(CONTINUATION);
        run.say(5, " a");
        run.finish(6);
        run.account();

        assertThat(rig.end().epoch()).isEqualTo(2);
        rig.awaitText("Once upon a");
        assertThat(rig.text).extracting(Delta::sequence).containsExactly(4L, 5L);
        assertThat(rig.account().epoch()).isEqualTo(2);
        assertThat(rig.generation.generator()).isEqualTo(rig.a.address());
        assertThat(rig.generation.generatorNode()).isEqualTo("a");
        assertThat(rig.published).isEmpty();
    }

    @Test
    void generationGoesOnInAHigherEpochWhenItsGeneratorDiesToo() throws Exception {
        AtomicInteger moves = new AtomicInteger();
        PlayedNode.Run run = adopted(CONTINUATION);
        rig.run(() -> rig.generation.onMove(moves::incrementAndGet));
        rig.b = PlayedNode.start(rig.vertx, rig.nodes, "b");
        run.say(5, " a", 13);
        rig.awaitText("Once upon a");

        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(6, " time");
        next.finish(7);

        assertThat(next.submit().continuation())
                .isEqualTo(
                        new Continuation(ID, 3, 6, new TextSoFar("Once upon a", TokenIds.of(List.of(11, 12, 13)), 3)));
        assertThat(rig.end().epoch()).isEqualTo(3);
        rig.awaitText("Once upon a time");
        assertThat(rig.generation.generator()).isEqualTo(rig.b.address());
        assertThat(moves).hasValue(1);
    }

    @Test
    void generationWithoutTextIsTakenOver() throws Exception {
        PlayedNode.Run run = adopted(new Continuation(ID, 0, 0, TextSoFar.NONE));

        run.say(0, "Once");
        run.finish(1);

        rig.end();
        rig.awaitText("Once");
    }

    @Test
    void generationThatIsNotKeptAndOneWithAGuardianAreRefused() throws Exception {
        Future<ClientGeneration> unknown = rig.adopt(ID, rig.a);
        rig.a.keep(Status.unknown(ID));
        Future<ClientGeneration> guarded = rig.adopt(ID, rig.a);
        rig.a.keep(new Status(ID, Status.Phase.RUNNING, "story", 3, "inbox"));

        assertThat(refusal(unknown)).isEqualTo(FailureCode.LOST);
        assertThat(refusal(guarded)).isEqualTo(FailureCode.CLUSTER);
    }

    private static FailureCode refusal(Future<ClientGeneration> answer) {
        return catchThrowableOfType(GenerationException.class, () -> answer.await(20, TimeUnit.SECONDS))
                .failure()
                .code();
    }
}
