package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection between two nodes breaks, and loses the last messages. Both nodes stay members. */
@ExtendWith(VertxExtension.class)
class GuardGapTest {

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
    }

    /** The next heartbeat of a node says how far it has sent the text. */
    private void heard(PlayedNode node, long run, long next) {
        heard(node, rig.client.inbox(), run, next);
    }

    private void heard(PlayedNode node, String inbox, long run, long next) {
        var sent = new SentTexts(inbox, List.of(new SentText(rig.generation.id(), run, next)));
        rig.nodes.heard(new Heartbeat(
                node.name(),
                1,
                1,
                "secret",
                rig.nodes.clockMillis(),
                List.of(node.address()),
                List.of(new ModelPlaces("story", true, 100)),
                List.of(sent)));
    }

    /** The first message of this kind does not arrive. */
    private void loseFirst(Class<?> kind) {
        Set<Object> lost = ConcurrentHashMap.newKeySet();
        rig.vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (!kind.isInstance(delivery.message().body()) || !lost.add(kind)) {
                delivery.next();
            }
        });
    }

    @Test
    void lostTextWithoutALaterOneIsNoticedAndTheGenerationGoesOn() throws Exception {
        heard(rig.a, 0, 3);

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);

        assertThat(next.submit().continuation().textSoFar().text()).isEqualTo("Once");
        assertThat(rig.end().epoch()).isEqualTo(1);
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
    }

    @Test
    void textThatHasComeMeanwhileIsNotLost() throws Exception {
        heard(rig.a, 0, 1);
        heard(rig.a, 0, 3);
        rig.first.say(1, " upon");
        rig.first.say(2, " a");
        rig.awaitText("Once upon a");
        heard(rig.a, 0, 5);

        PlayedNode.Run next = rig.b.accept();

        assertThat(next.submit().continuation().textSoFar().text()).isEqualTo("Once upon a");
        assertThat(next.epoch()).isEqualTo(1);
    }

    @Test
    void numbersOfAnEarlierRunAndOfOtherInboxesChangeNothing() throws Exception {
        rig.a.gone();
        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        rig.awaitText("Once upon");
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));

        heard(rig.b, "runnel.inbox.another", next.epoch(), 9);
        heard(rig.a, 0, 9);

        // An earlier run that still sends is cancelled again.
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
        next.finish(2);
        assertThat(rig.end().epoch()).isEqualTo(next.epoch());
    }

    @Test
    void lostStartOfARunThatIsToGoOnIsNoticed() throws Exception {
        rig.a.gone();
        PlayedNode.Run silent = rig.b.accept();

        heard(rig.b, silent.epoch(), 2);

        PlayedNode.Run next = rig.b.accept();
        next.finish(1);
        assertThat(rig.end().epoch()).isGreaterThan(silent.epoch());
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(silent.epoch()));
    }

    @Test
    void generationThatCannotGoOnEndsAsLost() throws Exception {
        rig.first.send(new Part(rig.first.id(), 1, PartKind.REASONING_CONTENT, "\"why\"", 1));
        rig.first.say(2, " upon");
        rig.awaitText("Once upon");

        heard(rig.a, 0, 4);

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE));
    }

    @Test
    void endThatIsMissingBeforeItsAccountIsSoughtElsewhere() throws Exception {
        Future<Object> answer = requestAccount();

        PlayedNode.Run next = rig.b.accept();
        next.finish(1);

        assertThat(rig.end().epoch()).isEqualTo(next.epoch());
        assertThat(rig.generation.settled().isComplete()).isFalse();
        assertThat(answer).as("no end of the generation").satisfies(GuardGapTest::assertRefused);
    }

    private Future<Object> requestAccount() {
        var account = new Ended(
                rig.first.id(),
                "",
                "",
                "",
                "story",
                PlayedNode.USAGE,
                Ended.Outcome.STOP,
                null,
                3,
                Ended.Durations.ZERO,
                0);
        return rig.vertx.eventBus().request(rig.client.inbox(), account).map(reply -> reply);
    }

    private static void assertRefused(Future<Object> answer) {
        await().until(answer::isComplete);
        assertThat(answer.cause())
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        failure -> assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE));
    }

    @Test
    void accountOfAGenerationThatHasItsEndIsAcknowledged() throws Exception {
        rig.first.finish(1);
        rig.end();

        requestAccount().await(20, TimeUnit.SECONDS);
        requestAccount().await(20, TimeUnit.SECONDS);
    }

    @Test
    void lostCancelIsSentAgain() throws Exception {
        loseFirst(Cancel.class);

        rig.run(() -> rig.generation.cancel(Cancel.Cause.DELETED));

        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.DELETED));
        rig.first.send(new Finished(rig.first.id(), 1, FinishReason.CANCELLED, PlayedNode.USAGE));
        assertThat(rig.end().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(rig.a.isCancelled()).isFalse();
    }
}
