package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Cancel;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A generation whose generator is gone goes on with another one, or with its own. */
@ExtendWith(VertxExtension.class)
class GuardTest {

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
    }

    @Test
    void textGoesOnWithAnotherGenerator() throws Exception {
        rig.generate();
        rig.first.say(0, "Once", 11);
        rig.first.say(1, " upon", 12, 13);
        rig.awaitText("Once upon");

        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(2, " a");
        next.finish(3);
        next.account();

        assertThat(next.submit().continuation())
                .isEqualTo(new Continuation(
                        rig.generation.id(), 1, 2, new TextSoFar("Once upon", TokenIds.of(List.of(11, 12, 13)), 2)));
        assertThat(next.submit().maxTokens()).isEqualTo(9);
        assertThat(rig.end().finishReason()).isEqualTo(FinishReason.STOP);
        rig.awaitText("Once upon a");
        assertThat(rig.text).extracting(Delta::sequence).containsExactly(0L, 1L, 2L);
        assertThat(rig.account().epoch()).isEqualTo(1);
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.CONTINUED);
        assertThat(rig.published).as("the generator publishes the end").isEmpty();
    }

    @Test
    void firstTextOfTheNextRunMayPrecedeItsAnswer() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.a.gone();
        PlayedNode.Run next = rig.b.acceptAfter(" upon");
        next.say(2, " a");
        next.finish(3);

        assertThat(rig.end().epoch()).isEqualTo(1);
        assertThat(rig.text()).isEqualTo("Once upon a");
        rig.run(rig.generation::cancel);
        assertThat(rig.b.isCancelled()).isFalse();
    }

    @Test
    void generationGoesOnBeforeItsFirstText() throws Exception {
        rig.generate();

        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(0, "Once");
        next.finish(1);

        assertThat(next.submit().continuation()).isEqualTo(new Continuation(rig.generation.id(), 1, 0, TextSoFar.NONE));
        assertThat(rig.end().epoch()).isEqualTo(1);
        assertThat(rig.text()).isEqualTo("Once");
    }

    @Test
    void messagesOfARunThatWasReplacedAreDroppedAndItIsCancelled() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        rig.awaitText("Once upon");
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));

        rig.first.say(1, " dead");
        rig.first.finish(2);
        rig.first.account();
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
        next.say(2, " a");
        next.finish(3);

        rig.end();
        assertThat(rig.text()).isEqualTo("Once upon a");
        assertThat(rig.generation.settled().isComplete()).isFalse();
    }

    @Test
    void nodeThatWasOnlySlowGoesOnItself() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        rig.a.heard();

        rig.first.say(1, " upon");
        rig.awaitText("Once upon");
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(1));
        next.say(1, " twice");
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(1));
        rig.first.finish(2);
        rig.first.account();

        assertThat(rig.end().epoch()).isZero();
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.account().epoch()).isZero();
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.RETURNED);
    }

    @Test
    void textThatWasUnderWayWhenTheNodeDiedIsNotLost() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        PlayedNode.Run early = rig.b.accept();

        rig.first.say(1, " upon");
        PlayedNode.Run next = rig.b.accept();
        early.say(1, " twice");
        next.say(2, " a");
        next.finish(3);

        rig.end();
        assertThat(next.submit().continuation().textSoFar().text()).isEqualTo("Once upon");
        assertThat(next.epoch()).isGreaterThan(early.epoch());
        assertThat(rig.text()).isEqualTo("Once upon a");
    }

    @Test
    void lostMessageIsNoEnd() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.first.say(2, " lost");

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);

        rig.end();
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
    }

    @Test
    void generatorThatHasGivenItsConsumerUpIsReplaced() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.first.fail(1, Failure.of(FailureCode.LOST, "the two nodes lost each other"));

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);

        rig.end();
        assertThat(rig.text()).isEqualTo("Once upon");
    }

    @Test
    void generationThatADrainingGeneratorHandsOverGoesOnAtOnce() throws Exception {
        rig.generate();
        rig.first.say(0, "Once", 11);
        rig.first.fail(1, Failure.draining());

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);
        next.account();

        assertThat(next.submit().continuation())
                .isEqualTo(new Continuation(
                        rig.generation.id(), 1, 1, new TextSoFar("Once", TokenIds.of(List.of(11)), 1)));
        assertThat(rig.end().epoch()).isEqualTo(1);
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.account().epoch()).isEqualTo(1);
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.CONTINUED);
        assertThat(rig.published).as("the generator publishes the end").isEmpty();
    }

    @Test
    void successorThatDrainsBeforeItsFirstTextIsReplaced() throws Exception {
        rig.generate();
        rig.first.fail(0, Failure.draining());
        rig.b.accept().fail(0, Failure.draining());

        PlayedNode.Run next = rig.b.accept();
        next.finish(0);

        assertThat(rig.end().epoch()).isEqualTo(next.epoch());
    }

    @Test
    void generationsOfANodeThatWasFrozenItselfGoOn() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.nodes.everyConsumerGone(OtherNodes.Absence.FROZEN);
        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);

        rig.end();
        assertThat(rig.text()).isEqualTo("Once upon");
    }

    @Test
    void messagesThatWaitedForANodeThatWasFrozenComeFirst() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.run(() -> {
            rig.nodes.everyConsumerGone(OtherNodes.Absence.FROZEN);
            rig.first.say(1, " upon");
            rig.first.finish(2);
        });

        assertThat(rig.end().epoch()).isZero();
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.outcomes).containsExactly(ContinuationListener.Outcome.RETURNED);
        assertThat(rig.b.waiting()).isZero();
    }

    @Test
    void generationsOfANodeThatMayHaveBeenRemovedEndWithoutARecordOfItsOwn() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");

        rig.nodes.everyConsumerGone(OtherNodes.Absence.REMOVED);

        assertThat(rig.failure()).isEqualTo(FailureCode.CLUSTER);
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE));
        rig.first.account();
        rig.account();
        assertThat(rig.published).isEmpty();
        assertThat(rig.b.waiting()).isZero();
    }

    @Test
    void successorWhoseNodeIsGoneIsReplaced() throws Exception {
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        PlayedNode.Run second = rig.b.accept();
        PlayedNode c = PlayedNode.start(rig.vertx, rig.nodes, "c");

        rig.b.gone();
        PlayedNode.Run third = c.accept();
        third.say(1, " upon");
        second.say(1, " twice");
        third.finish(2);

        assertThat(rig.end().epoch()).isEqualTo(third.epoch()).isGreaterThan(second.epoch());
        assertThat(rig.text()).isEqualTo("Once upon");
    }
}
