package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Adopt;
import dev.runnel.message.Cancel;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.Look;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.metric.CopyMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.eventbus.Message;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A generator keeps resumable generations whose guardian's node is gone, and serves another guardian. */
class KeptRunsTest {

    private static final String INBOX = "runnel.inbox.first";
    private static final String NEXT_INBOX = "runnel.inbox.next";
    private static final String OWNER = "runnel\tada";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 20, 1 << 20), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    private final List<Object> inbox = new CopyOnWriteArrayList<>();
    private final List<Object> nextInbox = new CopyOnWriteArrayList<>();
    private final List<String> forgotten = new CopyOnWriteArrayList<>();
    private KeptRuns runs;
    private OtherNodes nodes;
    private GeneratorRig rig;

    @BeforeEach
    void start() throws Exception {
        start(Duration.ofHours(1), 1 << 20, 10);
    }

    private void start(Duration grace, long maxBytes, int maxGenerations) throws Exception {
        if (rig != null) {
            rig.close();
        }
        var config = new ResumeConfig(grace, Duration.ofHours(1), maxBytes, maxGenerations, 2);
        runs = new KeptRuns(config, memory, new CopyMeters(registry), forgotten::add);
        rig = GeneratorRig.with()
                .model("slow", Map.of("interval", "10ms", "repeat", true, "sequences", 4))
                .keeping(runs)
                .inCluster(vertx -> nodes = OtherNodes.install(vertx, "self", true, System::nanoTime))
                .start();
        nodes.accept(true);
        listen(INBOX, inbox);
        listen(NEXT_INBOX, nextInbox);
    }

    private void listen(String address, List<Object> received) throws Exception {
        rig.vertx()
                .eventBus()
                .consumer(address, message -> receive(message, received))
                .completion()
                .await(10, TimeUnit.SECONDS);
    }

    /** A guardian acknowledges an end, if its node is not silent. */
    private void receive(Message<Object> message, List<Object> received) {
        received.add(message.body());
        if (message.replyAddress() != null && !nodes.isSilent("other")) {
            message.reply(null);
        }
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private Submit submit() {
        var origin = new Origin("ada", "key", "", null, OWNER, 1);
        return new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 4000, false, "", origin, INBOX)
                .withPlacement(new Placement("other", 0));
    }

    private Object request(String address, Object message) throws Exception {
        return rig.vertx()
                .eventBus()
                .request(address, message)
                .map(Message::body)
                .await(10, TimeUnit.SECONDS);
    }

    private Accepted start(Submit submit) throws Exception {
        Accepted accepted = (Accepted) request(Addresses.GENERATIONS, submit);
        await().until(() -> inbox.stream().anyMatch(message -> isTextOf(accepted, message)));
        return accepted;
    }

    private static boolean isTextOf(Accepted accepted, Object message) {
        return message instanceof Delta delta && delta.generationId().equals(accepted.generationId());
    }

    private Object adopt(Accepted accepted, String owner) throws Exception {
        return request(accepted.generator(), new Adopt(accepted.generationId(), owner, NEXT_INBOX, "next", ""));
    }

    private void cancel(Accepted accepted) {
        rig.vertx().eventBus().send(accepted.generator(), new Cancel(accepted.generationId(), Cancel.Cause.DELETED));
    }

    private static String text(List<Object> received, long from) {
        StringBuilder text = new StringBuilder();
        received.stream()
                .filter(Delta.class::isInstance)
                .map(Delta.class::cast)
                .filter(delta -> delta.sequence() >= from)
                .forEach(delta -> text.append(delta.text()));
        return text.toString();
    }

    @Test
    void runGoesOnAfterItsGuardiansNodeHasLeftAndServesTheNextGuardian() throws Exception {
        Accepted accepted = start(submit().resumable());

        nodes.left("other");
        Submit given = (Submit) adopt(accepted, OWNER);

        Continuation continuation = given.continuation();
        assertThat(given.inbox()).isEqualTo(NEXT_INBOX);
        assertThat(given.origin().keyId()).isEqualTo("key");
        assertThat(given.isResumable()).isTrue();
        assertThat(continuation.epoch()).isEqualTo(1);
        rig.vertx()
                .eventBus()
                .send(accepted.generator(), new Cancel(accepted.generationId(), Cancel.Cause.CONTINUED, "", 0));
        assertThat(continuation.generationId()).isEqualTo(accepted.generationId());
        assertThat(continuation.textSoFar().text()).isNotEmpty().startsWith(text(inbox, 0));
        await().until(() -> nextInbox.size() > 5);
        cancel(accepted);
        Ended ended = rig.ended();
        assertThat(ended.outcome()).isEqualTo(Ended.Outcome.CANCELLED);
        assertThat(ended.epoch()).isEqualTo(1);
        await().until(() -> nextInbox.get(nextInbox.size() - 1) instanceof Ended);
        assertThat(nextInbox)
                .filteredOn(NumberedMessage.class::isInstance)
                .map(message -> ((NumberedMessage) message).sequence())
                .startsWith(continuation.sequence(), continuation.sequence() + 1)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(forgotten).isEmpty();
    }

    @Test
    void runWhoseInboxIsNotRegisteredServesTheNextGuardian() throws Exception {
        Accepted accepted =
                (Accepted) request(Addresses.GENERATIONS, submit().resumable().withInbox("runnel.inbox.gone"));

        await().until(() -> adopt(accepted, OWNER) instanceof Submit);

        await().until(() -> !nextInbox.isEmpty());
    }

    @Test
    void runWithAGuardianIsGivenToNoOtherAndOneOfAnotherOwnerIsUnknown() throws Exception {
        Accepted accepted = start(submit().resumable());
        Accepted plain = start(submit());

        assertThat(adopt(accepted, OWNER))
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.inbox()).isEqualTo(INBOX));
        assertThat(adopt(plain, OWNER)).isEqualTo(Status.unknown(plain.generationId()));
        nodes.left("other");
        assertThat(adopt(accepted, "runnel\teve")).isEqualTo(Status.unknown(accepted.generationId()));
        assertThat(rig.ended())
                .satisfies(ended -> assertThat(ended.failure()).isEqualTo(FailureCode.LOST))
                .satisfies(ended -> assertThat(ended.generationId()).isEqualTo(plain.generationId()));
    }

    private Status look(Accepted accepted, String owner) throws Exception {
        return (Status) request(accepted.generator(), new Look(accepted.generationId(), owner, true));
    }

    @Test
    void lookGetsTheTextOfARunWithoutAGuardianAndChangesNothing() throws Exception {
        Accepted accepted = start(submit().resumable());
        Status guarded = look(accepted, OWNER);
        nodes.left("other");

        Status orphan = look(accepted, OWNER);

        assertThat(guarded.kept()).isEmpty();
        assertThat(orphan.kept()).hasSize(1).first().satisfies(kept -> {
            assertThat(kept.text()).isNotEmpty().startsWith(text(inbox, 0));
            assertThat(kept.end()).isEmpty();
        });
        assertThat(look(accepted, "runnel\teve")).isEqualTo(Status.unknown(accepted.generationId()));
        assertThat(look(accepted, OWNER).inbox()).isEqualTo(INBOX);
        Submit given = (Submit) adopt(accepted, OWNER);
        assertThat(given.continuation().epoch()).isEqualTo(1);
        assertThat(look(accepted, OWNER).kept()).isEmpty();
    }

    @Test
    void smallerPartOfAClusterGivesNoTextToALook() throws Exception {
        Accepted accepted = start(submit().resumable());
        nodes.left("other");
        nodes.accept(false);

        assertThat(look(accepted, OWNER).kept()).isEmpty();
    }

    private Object adoptAfter(Accepted accepted, String inbox, String givenUpBy) throws Exception {
        return request(accepted.generator(), new Adopt(accepted.generationId(), OWNER, inbox, "next", givenUpBy));
    }

    @Test
    void runWhoseGuardianHasGivenItUpServesTheNextOne() throws Exception {
        Accepted accepted = start(submit().resumable());

        assertThat(adoptAfter(accepted, NEXT_INBOX, "runnel.inbox.another")).isInstanceOf(Status.class);
        assertThat(adoptAfter(accepted, NEXT_INBOX, INBOX)).isInstanceOf(Submit.class);

        assertThat(adoptAfter(accepted, "runnel.inbox.third", INBOX)).isInstanceOf(Status.class);
    }

    @Test
    void smallerPartOfAClusterGoesOnWithNothingForAGuardianThatIsSilent() throws Exception {
        Accepted accepted = start(submit().resumable());
        nodes.consumersGone("other");

        nodes.accept(false);

        await().until(() -> rig.queue("slow").running() == 0);
        assertThat(rig.nothingElseEnded()).isTrue();
        assertThat(adopt(accepted, OWNER)).isEqualTo(Status.unknown(accepted.generationId()));
    }

    @Test
    void smallerPartOfAClusterGivesNothingToAnotherGuardian() throws Exception {
        Accepted accepted = start(submit().resumable());
        nodes.left("other");
        nodes.accept(false);

        assertThat(adopt(accepted, OWNER)).isInstanceOf(Status.class);

        nodes.accept(true);
        assertThat(adopt(accepted, OWNER)).isInstanceOf(Submit.class);
    }

    @Test
    void runThatFindsNoGuardianIsCancelledAfterTheGraceTime() throws Exception {
        start(Duration.ofMillis(50), 1 << 20, 10);
        Accepted accepted = start(submit().resumable());

        nodes.left("other");

        assertThat(rig.ended().failure()).isEqualTo(FailureCode.ABANDONED);
        // Its end is published before it is forgotten.
        await().untilAsserted(() -> assertThat(forgotten).containsExactly(accepted.generationId()));
        assertThat(runs.count()).isZero();
        assertThat(runs.bytes()).isZero();
        assertThat(memory.held(HeldBytes.Kind.TEXTS)).isZero();
    }

    @Test
    void endedRunIsKeptForTheNextGuardian() throws Exception {
        Accepted accepted = start(submit().resumable());
        cancel(accepted);
        Ended ended = rig.ended();
        assertThat(adopt(accepted, OWNER)).isInstanceOf(Status.class);

        nodes.left("other");
        Submit given = (Submit) adopt(accepted, OWNER);

        assertThat(given.continuation().textSoFar().text()).isEqualTo(text(inbox, 0));
        assertThat(given.turns()).as("the prompt is not kept after the end").isEmpty();
        await().until(() -> nextInbox.size() == 2);
        assertThat(nextInbox.get(0)).isInstanceOfSatisfying(Finished.class, finished -> {
            assertThat(finished.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(finished.epoch()).isEqualTo(1);
            assertThat(finished.sequence()).isEqualTo(given.continuation().sequence());
        });
        assertThat(nextInbox.get(1)).isEqualTo(ended.withEpoch(1));
        assertThat(rig.nothingElseEnded()).isTrue();
        assertThat(memory.held(HeldBytes.Kind.TEXTS)).as("running texts").isZero();
    }

    @Test
    void endedRunIsDroppedByItsCallerAndWithItsGuardiansCopy() throws Exception {
        Accepted first = start(submit().resumable());
        Accepted second = start(submit().resumable());
        cancel(first);
        cancel(second);
        await().until(() -> runs.count() == 2 && rig.queue("slow").running() == 0);

        rig.vertx().eventBus().send(first.generator(), new Cancel(first.generationId(), Cancel.Cause.CONSUMER_GONE));
        await().until(() -> runs.count() == 1);
        assertThat(forgotten).isEmpty();
        nodes.left("other");

        assertThat(rig.cancel(second.generationId())).isTrue();
        assertThat(runs.count()).isZero();
        assertThat(forgotten).containsExactly(second.generationId());
        assertThat(adopt(second, OWNER)).isEqualTo(Status.unknown(second.generationId()));
    }

    @Test
    void endIsWithheldWhileTheGuardiansNodeIsSilent() throws Exception {
        Accepted accepted = start(submit().resumable());

        nodes.consumersGone("other");
        cancel(accepted);
        await().until(() -> inbox.stream().anyMatch(Ended.class::isInstance));
        assertThat(rig.nothingElseEnded()).isTrue();
        nodes.left("other");

        assertThat(rig.ended().generationId()).isEqualTo(accepted.generationId());
        assertThat(adopt(accepted, OWNER)).isInstanceOf(Submit.class);
    }

    @Test
    void textWithoutRoomIsNotKept() throws Exception {
        start(Duration.ofHours(1), 1, 10);
        start(submit().resumable());

        nodes.left("other");

        assertThat(rig.ended().failure()).isEqualTo(FailureCode.LOST);
        assertThat(registry.get("runnel.cluster.copies.refused").counter().count())
                .isEqualTo(1);
        assertThat(runs.bytes()).isZero();
    }

    @Test
    void generationWhoseTextGaveWayIsFreedBeforeItsRetentionTimeHasPassed() throws Exception {
        start(Duration.ofHours(1), 1 << 20, 1);
        // Its inbox is known as long as the generation.
        var inbox = new WeakReference<>(endedWithInbox(String.join(".", "runnel", "inbox", "freed")));
        assertThat(runs.count()).isEqualTo(1);

        cancel(start(submit().resumable()));
        rig.ended();

        assertThat(runs.count()).isEqualTo(1);
        await().until(() -> {
            // What heartbeats name has the address too, until the other node has compared it.
            nodes.sent().due("other").compared();
            System.gc();
            return inbox.get() == null;
        });
    }

    private String endedWithInbox(String inbox) throws Exception {
        cancel((Accepted) request(Addresses.GENERATIONS, submit().resumable().withInbox(inbox)));
        rig.ended();
        return inbox;
    }

    @Test
    void oldestEndedTextGivesWayAndARunningOneDoesNot() throws Exception {
        start(Duration.ofHours(1), 1 << 20, 1);
        Accepted ended = start(submit().resumable());
        cancel(ended);
        rig.ended();
        Accepted running = start(submit().resumable());
        Accepted further = start(submit().resumable());

        nodes.left("other");

        assertThat(rig.ended().generationId()).isEqualTo(further.generationId());
        assertThat(adopt(ended, OWNER)).isEqualTo(Status.unknown(ended.generationId()));
        assertThat(adopt(running, OWNER)).isInstanceOf(Submit.class);
    }
}
