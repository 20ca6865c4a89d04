package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cluster.GridRig.Member;
import dev.runnel.config.Allowance;
import dev.runnel.config.ClusterConfig.WithoutAnswer;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import dev.runnel.limit.LimitStep;
import dev.runnel.limit.Limiter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The limits of keys over three members of Hazelcast in one process. */
class GridLimiterTest {

    private static final OptionalInt ANY = OptionalInt.empty();
    private static final Allowance HUNDRED = new Allowance(OptionalInt.of(100), ANY, ANY, ANY, Optional.empty());
    private static final Allowance FOUR_AT_ONCE =
            new Allowance(ANY, OptionalInt.of(10_000), OptionalInt.of(4), ANY, Optional.empty());
    private static final Demand DEMAND = new Demand(0, 100);
    private static final Duration SHORT = Duration.ofMillis(50);

    private static Vertx vertx;
    private static GridRig rig;
    private static List<Member> members;
    private static final AtomicInteger KEYS = new AtomicInteger();

    private final String key = "fresh" + KEYS.incrementAndGet();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        rig = new GridRig(vertx);
        members = List.of(rig.start("a"), rig.start("b"), rig.start("c"));
        GridRig.eventually()
                .until(() -> members.stream()
                        .allMatch(member ->
                                member.instance().getPartitionService().isClusterSafe()));
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void unblock() {
        GridRig.unblock();
    }

    private static List<GridLimiter> limiters(WithoutAnswer limits, Duration decision) {
        return members.stream()
                .map(member -> rig.limiter(member, limits, decision))
                .toList();
    }

    private static LimitDecision admit(Limiter limiter, String key, Allowance allowance) throws Exception {
        return limiter.admit(key, allowance, DEMAND).await(30, TimeUnit.SECONDS);
    }

    /** Sends many requests at the same time to all, and counts those that are admitted. */
    private static int flood(List<GridLimiter> limiters, String key, Allowance allowance, int requests)
            throws Exception {
        List<Future<LimitDecision>> all = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            all.add(limiters.get(i % limiters.size()).admit(key, allowance, DEMAND));
        }
        int admitted = 0;
        for (Future<LimitDecision> one : all) {
            admitted += one.await(30, TimeUnit.SECONDS) instanceof Admitted ? 1 : 0;
        }
        return admitted;
    }

    private static double alone(Member member) {
        return member.registry().get("runnel.cluster.decisions.alone").counter().count();
    }

    @Test
    void floodOverThreeNodesIsAdmittedTheLimitOfOne() throws Exception {
        List<GridLimiter> limiters = limiters(WithoutAnswer.SHARE, GridRig.LONG);

        int admitted = flood(limiters, key, HUNDRED, 300);
        for (int second = 1; second <= 30; second++) {
            rig.pass(Duration.ofSeconds(1));
            admitted += flood(limiters, key, HUNDRED, 12);
        }

        assertThat(admitted).isEqualTo(150);
    }

    @Test
    void refusalSaysWhatIsLeftInTheCluster() throws Exception {
        List<GridLimiter> limiters = limiters(WithoutAnswer.SHARE, GridRig.LONG);
        Admitted first = (Admitted) admit(limiters.get(0), key, FOUR_AT_ONCE);
        for (int i = 1; i < 4; i++) {
            admit(limiters.get(i % 3), key, FOUR_AT_ONCE);
        }

        Refused refused = (Refused) admit(limiters.get(2), key, FOUR_AT_ONCE);

        assertThat(refused.reason()).isEqualTo(Reason.CONCURRENCY);
        assertThat(refused.state().tokens().orElseThrow().remaining()).isEqualTo(9_600);
        assertThat(limiters.get(1).state(key, FOUR_AT_ONCE).await(30, TimeUnit.SECONDS))
                .isEqualTo(refused.state());
        assertThat(limiters.get(0).running()).isEqualTo(2);
        first.permit().settle(30);
        GridRig.eventually()
                .until(() -> limiters.get(1)
                                .state(key, FOUR_AT_ONCE)
                                .await(30, TimeUnit.SECONDS)
                                .running()
                        == 3);
        assertThat(limiters.get(0).running()).isEqualTo(1);
        assertThat(admit(limiters.get(1), key, FOUR_AT_ONCE)
                        .state()
                        .tokens()
                        .orElseThrow()
                        .remaining())
                .isEqualTo(9_570);
    }

    @Test
    void decisionComesBackToTheCallersContext() throws Exception {
        Context context = vertx.getOrCreateContext();
        Promise<Boolean> same = Promise.promise();
        Limiter limiter = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(0);

        context.runOnContext(turn -> limiter.admit(key, HUNDRED, DEMAND)
                .onComplete(decided -> same.complete(Vertx.currentContext() == context)));

        assertThat(same.future().await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void silentMemberLetsEachNodeDecideWithItsShare() throws Exception {
        Member owner = members.get(2);
        String silent = rig.keyOf(owner);
        assertThat(flood(limiters(WithoutAnswer.SHARE, GridRig.LONG), silent, HUNDRED, 150))
                .isEqualTo(100);
        List<GridLimiter> limiters = limiters(WithoutAnswer.SHARE, SHORT);
        rig.block(silent);

        int meanwhile = flood(limiters.subList(0, 2), silent, HUNDRED, 300);

        // A third for each of the two nodes that run.
        assertThat(meanwhile).isEqualTo(66);
        assertThat(alone(members.get(0))).isGreaterThanOrEqualTo(150);
        double skipped = members.get(0).steps("skipped");
        assertThat(flood(limiters.subList(0, 2), silent, HUNDRED, 20)).isZero();
        assertThat(members.get(0).steps("skipped")).isEqualTo(skipped + 10);
        GridRig.unblock();
        GridRig.eventually()
                .until(() -> members.get(0)
                                .registry()
                                .get("runnel.cluster.steps.waiting")
                                .gauge()
                                .value()
                        == 0);
    }

    @Test
    void silentMemberMakesANodeRefuseWhereItMayNotDecide() throws Exception {
        String silent = rig.keyOf(members.get(2));
        Limiter limiter = limiters(WithoutAnswer.CLOSED, SHORT).get(0);
        rig.block(silent);

        Refused refused = (Refused) admit(limiter, silent, HUNDRED);

        assertThat(refused.reason()).isEqualTo(Reason.UNDECIDED);
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
    }

    @Test
    void demandThatIsLargerThanTheShareIsNotRefusedForEver() throws Exception {
        String silent = rig.keyOf(members.get(2));
        Limiter limiter = limiters(WithoutAnswer.SHARE, SHORT).get(0);
        rig.block(silent);

        Refused tooLarge = (Refused)
                limiter.admit(silent, FOUR_AT_ONCE, new Demand(0, 10_001)).await(30, TimeUnit.SECONDS);
        Refused large = (Refused)
                limiter.admit(silent, FOUR_AT_ONCE, new Demand(0, 9_000)).await(30, TimeUnit.SECONDS);

        assertThat(tooLarge.reason()).isEqualTo(Reason.EXCEEDS_PLAN);
        assertThat(large.reason()).isEqualTo(Reason.UNDECIDED);
    }

    @Test
    void admissionThatIsDecidedTooLateHoldsNothing() throws Exception {
        String silent = rig.keyOf(members.get(2));
        Allowance one = new Allowance(ANY, ANY, OptionalInt.of(1), ANY, Optional.empty());
        Limiter patient = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(1);
        rig.block(silent);
        Admitted alone = (Admitted) admit(limiters(WithoutAnswer.SHARE, SHORT).get(0), silent, one);

        GridRig.unblock();

        GridRig.eventually()
                .until(() ->
                        patient.state(silent, one).await(30, TimeUnit.SECONDS).running() == 0);
        assertThat(admit(patient, silent, one)).isInstanceOf(Admitted.class);
        alone.permit().settle(0);
    }

    @Test
    void permitWhoseSettlementWasLostIsGivenBackByTheNextStep() throws Exception {
        Limiter limiter = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(0);
        Allowance one = new Allowance(ANY, ANY, OptionalInt.of(1), ANY, Optional.empty());
        byte[] lost = new LimitStep.Admit("a", 0, one, DEMAND, true, 0).bytes();
        rig.steps(members.get(0))
                .run(Table.LIMITS, key, lost, GridRig.LONG, () -> {})
                .await(30, TimeUnit.SECONDS);
        assertThat(admit(limiters(WithoutAnswer.SHARE, GridRig.LONG).get(1), key, one))
                .isInstanceOf(Refused.class);

        Admitted next = (Admitted) admit(limiter, key, one);

        assertThat(next.state().running()).isEqualTo(1);
        assertThat(admit(limiter, key, one)).isInstanceOf(Refused.class);
        next.permit().settle(0);
        GridRig.eventually().until(() -> admit(limiter, key, one) instanceof Admitted);
    }

    @Test
    void memberWithTooManyLedgersMakesNoFurtherOneForAnyNode() throws Exception {
        Member owner = members.get(2);
        Limiter limiter = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(0);

        // The members count again once a second.
        GridRig.eventually().until(() -> {
            GridMember.of(owner.instance()).ledgers().set(GridMember.MAX_LEDGERS);
            return admit(limiter, rig.keyOf(owner), HUNDRED) instanceof Refused refused
                    && refused.reason() == Reason.CROWDED;
        });
        GridMember.of(owner.instance()).ledgers().set(0);
        assertThat(admit(limiter, rig.keyOf(members.get(1)), HUNDRED)).isInstanceOf(Admitted.class);
    }

    @Test
    void ledgersAreCountedOutsideOfTheEventLoop() throws Exception {
        Limiter limiter = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(0);
        admit(limiter, rig.keyOf(members.get(0)), HUNDRED);

        GridRig.eventually()
                .until(() -> GridMember.of(members.get(0).instance()).ledgers().get() > 0);
    }

    @Test
    void deadMembersPermitsAreGivenBackAndItsLedgersGoOn() throws Exception {
        Member dying = rig.start("d");
        GridRig.eventually().until(() -> dying.instance().getPartitionService().isClusterSafe());
        String itsKey = rig.keyOf(dying);
        Limiter living = limiters(WithoutAnswer.SHARE, GridRig.LONG).get(0);
        Limiter its = rig.limiter(dying, WithoutAnswer.SHARE, GridRig.LONG);
        for (int i = 0; i < 3; i++) {
            admit(its, itsKey, FOUR_AT_ONCE);
        }
        admit(living, itsKey, FOUR_AT_ONCE);
        assertThat(admit(living, itsKey, FOUR_AT_ONCE)).isInstanceOf(Refused.class);

        dying.instance().getLifecycleService().terminate();
        GridRig.eventually()
                .until(() -> members.stream()
                        .allMatch(member ->
                                member.instance().getPartitionService().isClusterSafe()));

        LimitDecision decision = admit(living, itsKey, FOUR_AT_ONCE);
        assertThat(decision).isInstanceOf(Admitted.class);
        assertThat(decision.state().running()).isEqualTo(2);
        assertThat(decision.state().tokens().orElseThrow().remaining()).isEqualTo(9_500);
    }
}
