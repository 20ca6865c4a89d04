package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Look;
import dev.runnel.message.Part;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.TextSoFar;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A generation whose generator is gone does not go on, or only after a while. */
@ExtendWith(VertxExtension.class)
class GuardEndTest {

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
    }

    @Test
    void refusalsAreRepeatedForAWhile() throws Exception {
        rig.generate();
        rig.a.gone();
        rig.b.refuse(Failure.full("full", 1));
        rig.b.refuse(Failure.full("full", 1));

        PlayedNode.Run next = rig.b.accept();
        next.finish(0);

        assertThat(rig.end().epoch()).isEqualTo(next.epoch());
    }

    @Test
    void generatorsThatAreAskedGetOneCopyOfTheText() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();

        Submit refused = rig.b.refuse(Failure.full("full", 1));
        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        rig.awaitText("Once upon");
        PlayedNode c = PlayedNode.start(rig.vertx, rig.nodes, "c");
        rig.b.gone();
        PlayedNode.Run last = c.accept();
        last.finish(2);

        rig.end();
        TextSoFar text = next.submit().continuation().textSoFar();
        assertThat(text).isSameAs(refused.continuation().textSoFar());
        assertThat(text.text()).isEqualTo("Once");
        assertThat(last.submit().continuation().textSoFar().text()).isEqualTo("Once upon");
    }

    @Test
    void promptIsFreedAtTheEndAlthoughTheGenerationIsKnown() throws Exception {
        rig.generate();
        var prompt = new WeakReference<>(rig.first.submit().turns().get(0));
        rig.first.finish(0);
        rig.end();

        rig.first = null;

        await().until(() -> {
            System.gc();
            return prompt.get() == null;
        });
        assertThat(rig.generation.id()).startsWith("gen_");
    }

    @Test
    void engineThatCannotGoOnLosesTheGenerationOnce() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.a.gone();
        rig.b.refuse(Failure.invalid("continuation", "continuation: the upstream does not continue a text"));

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
        Ended account = rig.account();
        assertThat(account.outcome()).isEqualTo(Ended.Outcome.FAILED);
        assertThat(account.usage().completionTokens()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(account));
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.LOST);
    }

    @Test
    void generationThatIsHandedOverAndDoesNotGoOnEndsAsDraining() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.first.fail(1, Failure.draining());
        rig.b.refuse(Failure.invalid("continuation", "continuation: the upstream does not continue a text"));

        assertThat(rig.failure()).isEqualTo(FailureCode.DRAINING);
        assertThat(rig.account().failure()).isEqualTo(FailureCode.DRAINING);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.account()));
    }

    @Test
    void answerWithPartsThatIsHandedOverEndsAsDraining() throws Exception {
        rig.generate();
        rig.first.send(new Part(rig.first.id(), 0, PartKind.REASONING_CONTENT, "\"why\"", 1));
        rig.first.fail(1, Failure.draining());

        assertThat(rig.failure()).isEqualTo(FailureCode.DRAINING);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.account()));
    }

    @Test
    void clientOfAProcessThatStopsEndsWhatRunsOnOtherNodes() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        List<Integer> cut = new ArrayList<>();

        rig.run(() -> cut.add(rig.client.cut()));
        rig.run(() -> cut.add(rig.client.cut()));

        assertThat(cut).containsExactly(1, 0);
        assertThat(rig.failure()).isEqualTo(FailureCode.DRAINING);
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE));
        rig.first.account();
        rig.account();
    }

    @Test
    void clientOfAProcessThatStopsEndsWhatIsSought() throws Exception {
        rig.generate();
        rig.a.gone();
        await().until(() -> rig.b.waiting() == 1);

        rig.run(() -> rig.client.cut());

        assertThat(rig.failure()).isEqualTo(FailureCode.DRAINING);
        assertThat(rig.account().failure()).isEqualTo(FailureCode.DRAINING);
        assertThat(rig.b.accept().epoch()).isEqualTo(1);
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(1));
    }

    @Test
    void engineThatStartsAnewLosesTheGenerationAndNoOtherIsAsked() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        PlayedNode c = PlayedNode.start(rig.vertx, rig.nodes, "c");
        next.fail(1, Failure.notContinued("the upstream did not go on"));
        next.account();

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
        assertThat(rig.account().epoch()).isEqualTo(next.epoch());
        assertThat(rig.b.waiting() + c.waiting()).isZero();
        assertThat(rig.published).isEmpty();
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.LOST);
    }

    @Test
    void generatorOfAnOlderReleaseDoesNotStartASecondAnswer() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.a.gone();
        PlayedNode.Run anew = rig.b.acceptAnew();
        anew.say(0, "Twice");
        PlayedNode c = PlayedNode.start(rig.vertx, rig.nodes, "c");
        rig.nodes.gone("b");
        PlayedNode.Run next = c.accept();
        next.finish(1);

        rig.end();
        assertThat(rig.b.cancelled()).isEqualTo(new Cancel(anew.id(), Cancel.Cause.CONSUMER_GONE));
        assertThat(rig.text()).isEqualTo("Once");
    }

    @Test
    void smallerPartOfAClusterContinuesNothing() throws Exception {
        rig.generate();
        rig.nodes.accept(false);

        rig.a.gone();

        assertThat(rig.failure()).isEqualTo(FailureCode.CLUSTER);
        assertThat(rig.account().failure()).isEqualTo(FailureCode.CLUSTER);
        settle();
        assertThat(rig.a.cancels()).as("its generator may go on").isZero();

        rig.a.heard();
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE));
        assertThat(rig.published).as("its generator publishes the end").isEmpty();
    }

    /** What the client has to do now is done, and both nodes have what it has sent. */
    private void settle() throws Exception {
        for (int turn = 0; turn < 5; turn++) {
            rig.run(() -> {});
        }
        for (PlayedNode node : List.of(rig.a, rig.b)) {
            rig.vertx
                    .eventBus()
                    .request(node.address(), new Look(rig.generation.id(), ""))
                    .await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void nodeThatMayBeTheOneThatIsCutOffContinuesNothing() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.nodes.certain(false);

        rig.a.gone();
        settle();
        assertThat(rig.b.waiting()).isZero();
        rig.nodes.certain(true);
        PlayedNode.Run next = rig.b.accept();
        next.finish(1);

        rig.end();
        rig.awaitText("Once");
    }

    @Test
    void answerWithPartsIsNotContinued() throws Exception {
        rig.generate();
        rig.first.send(new Part(rig.first.id(), 0, PartKind.REASONING_CONTENT, "\"why\"", 1));
        rig.first.say(1, "Once");
        rig.awaitText("Once");

        rig.a.gone();

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
    }

    @Test
    void generationGoesOnThreeTimesAtMost() throws Exception {
        rig.generate();
        List<PlayedNode> others = new ArrayList<>(List.of(rig.a, rig.b));
        for (int i = 0; i < Guard.MOST_CONTINUATIONS; i++) {
            others.get(i).gone();
            others.get(i + 1).accept().say(i, "x");
            int count = i + 1;
            rig.awaitText("x".repeat(count));
            others.add(PlayedNode.start(rig.vertx, rig.nodes, "node" + i));
        }

        others.get(Guard.MOST_CONTINUATIONS).gone();

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
        assertThat(rig.account().epoch()).isEqualTo(Guard.MOST_CONTINUATIONS);
    }

    @Test
    void consumerThatLeavesMeanwhileHasOneAccount() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        await().until(() -> rig.b.waiting() == 1);

        rig.run(rig.generation::cancel);
        PlayedNode.Run late = rig.b.accept();

        assertThat(rig.account().outcome()).isEqualTo(Ended.Outcome.CANCELLED);
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(late.epoch()));
        await().untilAsserted(() -> assertThat(rig.published).hasSize(1));
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.CANCELLED);
    }

    @Test
    void consumerThatLeavesAfterAnAcceptanceIsSettledByTheNewGenerator() throws Exception {
        rig.generate();
        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        await().untilAsserted(() -> {
            rig.run(() -> {});
            assertThat(rig.b.waiting()).isZero();
        });
        rig.a.heard();
        next.say(0, "Once");
        rig.awaitText("Once");

        rig.run(rig.generation::cancel);
        assertThat(rig.b.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE, "", 1));
        next.account();

        assertThat(rig.account().epoch()).isEqualTo(1);
        assertThat(rig.published).isEmpty();
    }

    @Test
    void deletedMeanwhileItEndsHere() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        await().until(() -> rig.b.waiting() == 1);

        rig.run(() -> rig.generation.cancel(Cancel.Cause.DELETED));

        assertThat(rig.end().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(rig.end().sequence()).isEqualTo(1);
        assertThat(rig.account().outcome()).isEqualTo(Ended.Outcome.CANCELLED);
    }

    @Test
    void fewGoOnAtOnceAndTheOthersFollow() throws Exception {
        submitFive();

        rig.a.gone();

        assertTwoStartAtOnce();
    }

    @Test
    void fewOfADrainingNodeGoOnAtOnce() throws Exception {
        List<PlayedNode.Run> five = submitFive();

        five.forEach(run -> run.fail(0, Failure.draining()));

        assertTwoStartAtOnce();
    }

    private List<PlayedNode.Run> submitFive() throws Exception {
        List<Future<ClientGeneration>> submitted = new ArrayList<>();
        List<PlayedNode.Run> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.add(rig.submit());
            runs.add(rig.a.accept());
        }
        Future.all(submitted).await(20, TimeUnit.SECONDS);
        rig.b = PlayedNode.start(rig.vertx, rig.nodes, "b");
        return runs;
    }

    private void assertTwoStartAtOnce() throws Exception {
        List<PlayedNode.Run> started = new ArrayList<>(List.of(rig.b.accept(), rig.b.accept()));
        rig.run(() -> {});
        assertThat(rig.b.waiting()).isZero();
        for (int i = 0; i < 3; i++) {
            started.get(i).finish(0);
            started.add(rig.b.accept());
        }

        assertThat(started).hasSize(5);
    }
}
