package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.LifecycleEvent;
import dev.runnel.auth.Revocations;
import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Heard;
import dev.runnel.message.Heard.Verdict;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ClusterMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One node, without Hazelcast: the test plays the other members, on the bus of one process, and moves the clock. */
@ExtendWith(VertxExtension.class)
class HeartbeatsTest {

    private static final String SECRET = "fingerprint";

    private final Map<String, String> members = new ConcurrentHashMap<>(Map.of("self", "127.0.0.1:1"));
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private final MergeWatch merges = new MergeWatch();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private OtherNodes nodes;
    private Heartbeats heartbeats;

    @BeforeEach
    void install(Vertx vertx) {
        this.vertx = vertx;
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, nanos::get);
        nodes.listen(new OtherNodes.Listener() {

            @Override
            public void gone(String node, Set<String> generators) {
                events.add("generators " + generators);
            }

            @Override
            public void consumersGone(String node, OtherNodes.Absence absence) {
                events.add("consumers of " + node + " " + absence);
            }
        });
    }

    private void start(int others, int minimum) throws Exception {
        heartbeats = new Heartbeats(
                new Members(() -> Map.copyOf(members), onChange::add, merges::isMerging),
                nodes,
                new NodeFacts(
                        SECRET, List::of, List::of, new Revocations(), Duration.ofDays(1), new ClusterMeters(registry)),
                new ListedMembers(others, minimum),
                this::now);
        vertx.deployVerticle(heartbeats).await(5, TimeUnit.SECONDS);
    }

    private void member(String node, Verdict verdict) throws Exception {
        vertx.eventBus()
                .<Heartbeat>consumer(Addresses.node(node), message -> message.reply(new Heard(node, verdict)))
                .completion()
                .await(5, TimeUnit.SECONDS);
        add(node);
    }

    private void add(String node) {
        members.put(node, node + ":1");
        onChange.forEach(Runnable::run);
    }

    private Heard send(Heartbeat heartbeat) throws Exception {
        return vertx.eventBus()
                .<Heard>request(Addresses.node("self"), heartbeat)
                .await(5, TimeUnit.SECONDS)
                .body();
    }

    private static Heartbeat heartbeat(String node) {
        return new Heartbeat(node, 1, 1, SECRET, 1, List.of("runnel.generator." + node), List.of());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The next tick, so much later. */
    private void step(Duration time) {
        int before = reads.get();
        pass(time);
        // One read may be that of a tick which started earlier, and one that of a heartbeat.
        await().until(() -> reads.get() > before + 2);
    }

    private long now() {
        reads.incrementAndGet();
        return nanos.get();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private ClusterException refusal() {
        return catchThrowableOfType(
                ClusterException.class, () -> heartbeats.joined().await(15, TimeUnit.SECONDS));
    }

    @Test
    void memberCountsOnceItHasAnswered() throws Exception {
        member("b", Verdict.ACCEPTED);

        start(1, 2);

        heartbeats.ready().await(5, TimeUnit.SECONDS);
        assertThat(heartbeats.members()).isEqualTo(2);
        assertThat(heartbeats.problem()).isEmpty();
        assertThat(gauge("runnel.cluster.members")).isEqualTo(2);
        assertThat(gauge("runnel.cluster.minimum.members")).isEqualTo(2);
        assertThat(gauge("runnel.cluster.alone")).isZero();
    }

    @Test
    void nodeThatIsAloneShowsIt() throws Exception {
        start(1, 1);

        heartbeats.ready().await(5, TimeUnit.SECONDS);
        assertThat(gauge("runnel.cluster.alone")).isEqualTo(1);
    }

    @Test
    void nodeWithTooFewMembersIsNotReady() throws Exception {
        start(2, 2);

        heartbeats.joined().await(5, TimeUnit.SECONDS);
        assertThat(heartbeats.problem()).contains("1 member answers (cluster.minimumMembers 2)");
        assertThat(heartbeats.ready().isComplete()).isFalse();

        member("b", Verdict.ACCEPTED);

        heartbeats.ready().await(5, TimeUnit.SECONDS);
    }

    @Test
    void otherSecretIsNamed() throws Exception {
        member("b", Verdict.OTHER_SECRET);
        start(1, 1);

        assertThat(refusal()).hasMessageContaining("b:1").hasMessageContaining("another signing secret");
    }

    @Test
    void otherFormIsNamed() throws Exception {
        member("b", Verdict.OTHER_FORM);
        start(1, 1);

        assertThat(refusal()).hasMessageContaining("cannot read the messages of this version");
    }

    @Test
    void verdictOfANewerVersionIsARefusal() throws Exception {
        member("b", Verdict.UNKNOWN);
        start(1, 1);

        assertThat(refusal()).hasMessageContaining("a reason that this version does not know");
    }

    @Test
    void memberThatDoesNotAnswerIsNamed() throws Exception {
        add("b");
        start(1, 1);

        assertThat(refusal()).hasMessageContaining("no answer on the event bus").hasMessageContaining("b:1");
    }

    @Test
    void heartbeatOfAnotherSecretOrFormIsRefused() throws Exception {
        member("b", Verdict.ACCEPTED);
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);

        assertThat(send(heartbeat("b")).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(send(new Heartbeat("c", 1, 1, "other", 1, List.of(), List.of()))
                        .verdict())
                .isEqualTo(Verdict.OTHER_SECRET);
        assertThat(send(new Heartbeat("c", 0, 0, SECRET, 1, List.of(), List.of()))
                        .verdict())
                .isEqualTo(Verdict.OTHER_FORM);
        assertThat(send(new Heartbeat("c", 3, 2, SECRET, 1, List.of(), List.of()))
                        .verdict())
                .isEqualTo(Verdict.OTHER_FORM);
        assertThat(send(new Heartbeat("c", 3, 1, SECRET, 1, List.of(), List.of()))
                        .verdict())
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void nodeThatHasLeftIsGoneAtOnce() throws Exception {
        member("b", Verdict.ACCEPTED);
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        send(heartbeat("b"));

        members.remove("b");
        onChange.forEach(Runnable::run);

        await().until(() -> events.equals(List.of("generators [runnel.generator.b]", "consumers of b LEFT")));
        await().until(() -> heartbeats.members() == 1);
    }

    @Test
    void silentNodeIsGoneAfterFiveSecondsAndItsConsumersEarlier() throws Exception {
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        add("b");
        send(heartbeat("b"));

        for (int i = 0; i < 5; i++) {
            step(Duration.ofMillis(900));
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("consumers of b SILENT"));
        step(Duration.ofMillis(900));

        await().untilAsserted(() -> assertThat(events)
                .containsExactly("consumers of b SILENT", "generators [runnel.generator.b]", "consumers of b SILENT"));
    }

    @Test
    void silenceOfThisNodeIsNotThatOfOthers() throws Exception {
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        add("b");
        send(heartbeat("b"));

        pass(Duration.ofSeconds(3));
        await().until(() -> registry.get("runnel.cluster.frozen").counter().count() == 1);

        // 5.7 s after it was heard, of which this node ran for 2.7 s.
        for (int i = 0; i < 3; i++) {
            step(Duration.ofMillis(900));
        }
        step(Duration.ZERO);
        assertThat(events).isEmpty();
    }

    @Test
    void nodeThatSentNoHeartbeatForFourSecondsEndsWhatOthersHaveGoneOnWith() throws Exception {
        startWithMember();

        pass(Duration.ofSeconds(5));

        await().until(() -> events.equals(List.of("consumers of b FROZEN")));
        assertThat(registry.get("runnel.cluster.fenced").counter().count()).isEqualTo(1);
    }

    @Test
    void nodeThatSentNoHeartbeatForLongerMayHaveBeenRemoved() throws Exception {
        startWithMember();

        pass(Duration.ofSeconds(14));

        await().until(() -> events.equals(List.of("consumers of b REMOVED")));
        assertThat(heartbeats.isWhole())
                .as("its part of the grid may be outdated")
                .isFalse();
        assertThat(registry.get("runnel.cluster.fenced").counter().count()).isEqualTo(1);
    }

    @Test
    void nodeThatMergesIntoALargerPartDoesNotKnowAllKeysUntilItsOwnAreThere() throws Exception {
        startWithMember();
        assertThat(heartbeats.isWhole()).isTrue();

        merges.stateChanged(new LifecycleEvent(LifecycleEvent.LifecycleState.MERGING));
        assertThat(heartbeats.isWhole()).isFalse();
        merges.stateChanged(new LifecycleEvent(LifecycleEvent.LifecycleState.MERGED));

        assertThat(heartbeats.isWhole()).isTrue();
    }

    @Test
    void nodeThatMayHaveBeenFrozenContinuesNothingBeforeItNotices() throws Exception {
        startWithMember();
        await().until(nodes::isCertain);

        nanos.addAndGet(Duration.ofSeconds(14).toNanos());

        assertThat(nodes.isCertain()).isFalse();
        await().until(() -> events.equals(List.of("consumers of b REMOVED")));
        await().until(nodes::isCertain);
    }

    @Test
    void changeOfMembersIsNotReadBeforeTheOwnSilence() throws Exception {
        startWithMember();

        nanos.addAndGet(Duration.ofSeconds(14).toNanos());
        members.remove("b");
        onChange.forEach(Runnable::run);

        await().untilAsserted(() -> assertThat(events)
                .containsExactly("consumers of b REMOVED", "generators [runnel.generator.b]", "consumers of b LEFT"));
    }

    @Test
    void nodeThatHasHeardTooFewMembersLatelyMayBeTheOneThatIsCutOff() throws Exception {
        MessageConsumer<Heartbeat> b = vertx.eventBus()
                .consumer(Addresses.node("b"), message -> message.reply(new Heard("b", Verdict.ACCEPTED)));
        b.completion().await(5, TimeUnit.SECONDS);
        add("b");
        start(1, 2);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        step(Duration.ofMillis(900));
        await().until(nodes::isCertain);

        b.unregister().await(5, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            step(Duration.ofMillis(900));
        }

        await().until(() -> !nodes.isCertain());
        assertThat(heartbeats.problem()).as("it is not known yet").isEmpty();
    }

    private void startWithMember() throws Exception {
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        add("b");
        send(heartbeat("b"));
    }

    @Test
    void nodeThatIsGoneIsNotReportedAgainAfterThisOneWasFrozen() throws Exception {
        start(1, 1);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
        add("b");
        send(heartbeat("b"));
        for (int i = 0; i < 6; i++) {
            step(Duration.ofMillis(900));
        }
        await().until(() -> events.size() == 3);

        pass(Duration.ofSeconds(3));
        await().until(() -> registry.get("runnel.cluster.frozen").counter().count() == 1);

        for (int i = 0; i < 6; i++) {
            step(Duration.ofMillis(900));
        }
        step(Duration.ZERO);
        assertThat(events).hasSize(3);
    }
}
