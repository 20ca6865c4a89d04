package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A generator of a node in a cluster, whose consumer is on another node. */
class GeneratorOfANodeTest {

    private static final String INBOX = "runnel.inbox.other";
    private static final WithheldEnds.Place PLACE = new WithheldEnds.Place("node", INBOX);

    private static final String GENERATION = "gen_0123ABCD0123ABCD0123ABCD";

    private final AtomicLong nanos = new AtomicLong();
    private final List<Object> inbox = new CopyOnWriteArrayList<>();
    private GeneratorRig rig;
    private OtherNodes nodes;
    private String withheldId = "";

    @BeforeEach
    void start() throws Exception {
        rig = GeneratorRig.with()
                .model("slow", Map.of("interval", "20ms", "repeat", true, "sequences", 2))
                .inCluster(vertx -> nodes = OtherNodes.install(vertx, "self", true, nanos::get))
                .start();
        nodes.accept(true);
        rig.vertx().eventBus().consumer(INBOX, this::receive).completion().await();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    /** The consumer acknowledges an end. */
    private void receive(Message<Object> message) {
        inbox.add(message.body());
        if (message.replyAddress() != null) {
            message.reply(null);
        }
    }

    private Object submit(long answerByMillis) throws Exception {
        return submit(answerByMillis, Continuation.NONE);
    }

    private Object submit(long answerByMillis, Continuation continuation) throws Exception {
        var submit = new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 1000, false, "", Origin.NO_KEY, INBOX)
                .withPlacement(new Placement("other", answerByMillis))
                .withContinuation(continuation);
        return rig.vertx()
                .eventBus()
                .request(Addresses.GENERATIONS, submit)
                .map(Message::body)
                .await(10, TimeUnit.SECONDS);
    }

    /** The text of the script has 18 tokens; this is the start of it. */
    private static Continuation continuation(String id, int epoch) {
        return new Continuation(id, epoch, 7, new TextSoFar("Once upon", TokenIds.NONE, 2));
    }

    private void awaitText() {
        await().until(() -> inbox.stream().anyMatch(Delta.class::isInstance));
    }

    private List<Ended> publishedAfter(Runnable action) throws Exception {
        action.run();
        await().until(() -> rig.queue("slow").running() == 0);
        // The next end on the bus is that of another generation: ends are published in their order.
        Accepted later = (Accepted) submit(0);
        cancel(later.generationId(), Cancel.Cause.DELETED, 0);
        List<Ended> before = new ArrayList<>();
        Ended next = rig.ended();
        while (!next.generationId().equals(later.generationId())) {
            before.add(next);
            next = rig.ended();
        }
        return before;
    }

    private void cancel(String id, Cancel.Cause cause, int epoch) {
        rig.vertx().eventBus().send(Addresses.GENERATIONS, new Cancel(id, cause, "", epoch));
    }

    @Test
    void requestThatIsReadTooLateIsNotRun() throws Exception {
        nanos.set(TimeUnit.SECONDS.toNanos(10));

        Object late = submit(9_999);
        Object inTime = submit(10_500);

        assertThat(late)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.LOST));
        assertThat(inTime).isInstanceOf(Accepted.class);
    }

    @Test
    void generationWhoseConsumersNodeHasLeftEnds() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();
        nodes.left("another");

        List<Ended> ended = publishedAfter(() -> nodes.left("other"));

        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).generationId()).isEqualTo(accepted.generationId());
        assertThat(ended.get(0).failure()).isEqualTo(FailureCode.LOST);
    }

    @Test
    void endOfAGenerationIsWithheldWhileItsConsumersNodeIsSilent() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();

        assertThat(publishedAfter(() -> nodes.consumersGone("other"))).isEmpty();

        assertThat(inbox)
                .filteredOn(Failed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.LOST));
        assertThat(publishedAfter(() -> nodes.left("other")))
                .extracting(Ended::generationId)
                .containsExactly(accepted.generationId());
    }

    private void withheldEnd() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();
        assertThat(publishedAfter(() -> nodes.consumersGone("other"))).isEmpty();
        withheldId = accepted.generationId();
    }

    @Test
    void runThatWasContinuedElsewhereIsNoEndWhenItsConsumersNodeLeavesLater() throws Exception {
        withheldEnd();
        cancel(withheldId, Cancel.Cause.CONTINUED, 0);

        assertThat(publishedAfter(() -> nodes.left("other"))).isEmpty();
    }

    @Test
    void consumersNodeThatComesBackHasDecidedBeforeItLeaves() throws Exception {
        withheldEnd();
        nodes.heard(new Heartbeat("other", 1, 1, "secret", 1, List.of(), List.of()));

        assertThat(publishedAfter(() -> nodes.left("other"))).isEmpty();
    }

    @Test
    void smallerPartOfAClusterPublishesNoEndForNodesThatItHasLost() throws Exception {
        withheldEnd();
        nodes.accept(false);

        assertThat(publishedAfter(() -> {
                    nodes.left("other");
                    nodes.heard(new Heartbeat("other", 1, 1, "secret", 1, List.of(), List.of()));
                }))
                .isEmpty();
    }

    @Test
    void runThatIsNoEndIsNotCounted() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();

        publishedAfter(() -> cancel(accepted.generationId(), Cancel.Cause.CONTINUED, 0));

        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void withheldEndIsCountedWhenItIsPublished() throws Exception {
        withheldEnd();
        assertThat(counted()).isEqualTo(1);

        assertThat(publishedAfter(() -> nodes.left("other"))).hasSize(1);

        assertThat(counted()).isEqualTo(3);
    }

    @Test
    void withheldEndsAreBounded() {
        var withheld = new WithheldEnds(rig.vertx());
        nodes.accept(false);
        IntStream.range(0, WithheldEnds.MAX + 5).forEach(i -> withheld.left("gone" + i));
        IntStream.range(0, WithheldEnds.MAX + 5).forEach(i -> withheld.add(end(i)));

        assertThat(withheld.size()).isEqualTo(2 * WithheldEnds.MAX);
        withheld.left("node");
        assertThat(withheld.size()).isEqualTo(WithheldEnds.MAX);
    }

    private static WithheldEnds.End end(int number) {
        Ended.Durations none = Ended.Durations.ZERO;
        Ended ended = new Ended("gen_" + number, "", "", "", "slow", Usage.NONE, Ended.Outcome.STOP, null, 0, none);
        return new WithheldEnds.End(PLACE, ended, counted -> {}, Future::succeededFuture);
    }

    /** The generator answers in a later turn than the one that counts. */
    private double counted() throws Exception {
        var unknown = new Cancel(GENERATION, Cancel.Cause.DELETED);
        rig.vertx().eventBus().request(Addresses.GENERATIONS, unknown).await(10, TimeUnit.SECONDS);
        return rig.registry().find("runnel.generations").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void generationThatIsCutIsHandedOverToItsConsumer() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();

        assertThat(publishedAfter(() -> assertThat(cut()).isEqualTo(1))).isEmpty();

        assertThat(inbox)
                .filteredOn(Failed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.DRAINING));
        assertThat(publishedAfter(() -> nodes.left("other")))
                .extracting(Ended::generationId)
                .containsExactly(accepted.generationId());
    }

    private int cut() {
        try {
            return rig.cut();
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nodeThatWasFrozenPublishesNoEndOfWhatOthersHaveGivenUp() throws Exception {
        submit(0);
        awaitText();
        nodes.heard(new Heartbeat("other", 1, 1, "secret", 1, List.of(), List.of()));

        assertThat(publishedAfter(() -> nodes.everyConsumerGone(OtherNodes.Absence.FROZEN)))
                .isEmpty();

        assertThat(publishedAfter(() -> nodes.left("other"))).isEmpty();
    }

    @Test
    void nodeThatWakesSendsNoTextAndNoEndEvenBeforeItNoticesThatItWasFrozen() throws Exception {
        nodes.fence().beat();
        Accepted accepted = (Accepted) submit(0);
        awaitText();

        List<Ended> ended = publishedAfter(() -> {
            nanos.set(TimeUnit.SECONDS.toNanos(5));
            cancel(accepted.generationId(), Cancel.Cause.DELETED, 0);
            await().until(() -> rig.queue("slow").running() == 0);
            nodes.fence().raise();
            nodes.fence().beat();
        });

        assertThat(ended).isEmpty();
        assertThat(inbox)
                .filteredOn(InboxMessage.class::isInstance)
                .map(InboxMessage.class::cast)
                .filteredOn(message -> message.generationId().equals(accepted.generationId()))
                .filteredOn(message -> !(message instanceof Delta))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.LOST));
    }

    @Test
    void engineIsStoppedByTheFirstPieceAfterTheNodeWasFrozen() throws Exception {
        nodes.fence().beat();
        submit(0);
        awaitText();

        nanos.set(TimeUnit.SECONDS.toNanos(5));

        await().until(() -> rig.queue("slow").running() == 0);
        assertThat(rig.nothingElseEnded()).isTrue();
    }

    @Test
    void consumerThatGoesAfterItWasGivenUpHasAnEnd() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();
        assertThat(publishedAfter(() -> nodes.consumersGone("other"))).isEmpty();

        List<Ended> ended = publishedAfter(() -> cancel(accepted.generationId(), Cancel.Cause.CONSUMER_GONE, 0));

        assertThat(ended).extracting(Ended::generationId).containsExactly(accepted.generationId());
        assertThat(publishedAfter(() -> nodes.left("other"))).isEmpty();
    }

    @Test
    void generationGoesOnWithItsIdAndItsNumbers() throws Exception {
        String id = GENERATION;

        assertThat(submit(0, continuation(id, 1)))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.generationId()).isEqualTo(id));

        awaitText();
        Delta first = (Delta) inbox.get(0);
        assertThat(first).isEqualTo(new Delta(id, 7, EscapedText.of(" a"), 1, 1, TokenIds.NONE));
        cancel(id, Cancel.Cause.DELETED, 0);
        Ended ended = rig.ended();
        assertThat(ended.epoch()).isEqualTo(1);
        assertThat(ended.usage().completionTokens()).isGreaterThan(2);
    }

    @Test
    void newerRunReplacesAnOlderOneAndNoneReplacesANewerOne() throws Exception {
        String id = GENERATION;
        submit(0, continuation(id, 1));

        List<Ended> ended = publishedAfter(() -> {
            try {
                assertThat(submit(0, continuation(id, 2))).isInstanceOf(Accepted.class);
                for (int epoch : new int[] {1, 2}) {
                    assertThat(submit(0, continuation(id, epoch))).isInstanceOf(Failed.class);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            cancel(id, Cancel.Cause.CONTINUED, 1);
            cancel(id, Cancel.Cause.CONSUMER_GONE, 2);
        });

        assertThat(ended).extracting(Ended::epoch).containsExactly(2);
    }

    @Test
    void runThatIsContinuedElsewhereEndsWithoutAMessage() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        awaitText();

        assertThat(publishedAfter(() -> cancel(accepted.generationId(), Cancel.Cause.CONTINUED, 0)))
                .isEmpty();

        assertThat(inbox)
                .filteredOn(InboxMessage.class::isInstance)
                .map(InboxMessage.class::cast)
                .filteredOn(message -> message.generationId().equals(accepted.generationId()))
                .allMatch(Delta.class::isInstance);
    }

    @Test
    void placesShowWhatIsFreeAndWhatWaits() throws Exception {
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, 2));
        submit(0);
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, 1));
        submit(0);
        submit(0);
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, -1));

        rig.models().drain();

        assertThat(rig.models().places()).isEmpty();
    }
}
