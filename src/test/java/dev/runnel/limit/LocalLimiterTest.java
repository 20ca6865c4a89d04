package dev.runnel.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalLimiterTest {

    private static final OptionalInt ANY = OptionalInt.empty();

    private final ManualNanos clock = new ManualNanos();
    private final LocalLimiter limiter = new LocalLimiter(clock);

    @Test
    void requestsComeBackOneByOne() {
        Allowance sixty = allowance(OptionalInt.of(60), ANY, ANY);
        IntStream.range(0, 60).forEach(i -> admitted(sixty, 1));

        Refused refused = refused(sixty, 1);

        assertThat(refused.reason()).isEqualTo(Reason.REQUESTS);
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        assertThat(refused.message()).isEqualTo("This key has used its 60 requests per minute: try again in 1 s");
        assertThat(refused.state().requests()).contains(new Window(60, 0, 60));
        clock.pass(Duration.ofNanos(999_999_999));
        refused(sixty, 1);
        clock.pass(Duration.ofNanos(1));
        admitted(sixty, 1);
    }

    @Test
    void retryAfterIsTrueWhereASecondDoesNotDivideEvenly() {
        Allowance seven = allowance(OptionalInt.of(7), ANY, ANY);
        IntStream.range(0, 7).forEach(i -> admitted(seven, 1));
        int wait = refused(seven, 1).retryAfterSeconds();

        clock.pass(Duration.ofSeconds(wait - 1));
        refused(seven, 1);
        clock.pass(Duration.ofSeconds(1));
        admitted(seven, 1);
        assertThat(wait).isEqualTo(9);
    }

    @Test
    void retryAfterIsNotShortByAFractionOfANanosecond() {
        Allowance seven = allowance(OptionalInt.of(7), ANY, ANY);
        IntStream.range(0, 7).forEach(i -> admitted(seven, 1));
        // A seventh of a minute is 8 571 428 571.43 ns: 8 s and 0.43 ns of it are left now.
        clock.pass(Duration.ofNanos(571_428_571));

        assertThat(refused(seven, 1).retryAfterSeconds()).isEqualTo(9);

        clock.pass(Duration.ofSeconds(8));
        refused(seven, 1);
        clock.pass(Duration.ofNanos(1));
        admitted(seven, 1);
    }

    @Test
    void reservationIsThePromptsQuarterAndMaxTokens() {
        Allowance tokens = allowance(ANY, OptionalInt.of(1000), ANY);

        Admitted admitted =
                (Admitted) limiter.admit("key", tokens, new Demand(401, 100)).result();

        assertThat(admitted.state().tokens().orElseThrow().remaining()).isEqualTo(1000 - 101 - 100);
    }

    @Test
    void unusedTokensComeBackAtTheEnd() {
        Allowance tokens = allowance(ANY, OptionalInt.of(1000), ANY);
        Permit permit = admitted(tokens, 1000);
        refused(tokens, 1);

        permit.settle(400);

        assertThat(remainingTokens(tokens)).isEqualTo(600);
    }

    @Test
    void debtIsPaidBackFirst() {
        Allowance tokens = allowance(ANY, OptionalInt.of(60), ANY);
        admitted(tokens, 60).settle(90);

        Refused refused = refused(tokens, 10);

        assertThat(refused.reason()).isEqualTo(Reason.TOKENS);
        assertThat(refused.retryAfterSeconds()).isEqualTo(40);
        assertThat(refused.state().tokens()).contains(new Window(60, 0, 90));
    }

    @Test
    void debtIsKeptWhileTheKeyIsIdle() {
        Allowance tokens = allowance(ANY, OptionalInt.of(60), ANY);
        admitted(tokens, 60).settle(6000);
        clock.pass(Duration.ofMinutes(98));

        IntStream.range(0, 10).forEach(i -> admitted("other", allowance(OptionalInt.of(100), ANY, ANY), 1));

        assertThat(refused(tokens, 1).retryAfterSeconds()).isEqualTo(61);
    }

    @Test
    void requestLargerThanTheBucketIsNeverAdmitted() {
        Refused refused = refused(allowance(ANY, OptionalInt.of(1000), ANY), 1001);

        assertThat(refused.reason()).isEqualTo(Reason.EXCEEDS_PLAN);
        assertThat(refused.retryAfterSeconds()).isZero();
        assertThat(refused.message()).contains("1001").contains("1000 per minute");
    }

    @Test
    void slotIsFreeAsSoonAsAGenerationEnds() {
        Allowance two = allowance(ANY, ANY, OptionalInt.of(2));
        Permit first = admitted(two, 1);
        admitted(two, 1);
        assertThat(refused(two, 1).reason()).isEqualTo(Reason.CONCURRENCY);
        assertThat(refused(two, 1).retryAfterSeconds()).isEqualTo(1);

        first.settle(1);

        admitted(two, 1);
    }

    @Test
    void refusalChargesNothing() {
        Allowance both = allowance(OptionalInt.of(10), OptionalInt.of(100), OptionalInt.of(1));
        Permit permit = admitted(both, 100);
        IntStream.range(0, 50).forEach(i -> refused(both, 10));
        permit.settle(0);

        LimitState state = limiter.state("key", both).result();

        assertThat(state.requests()).contains(new Window(10, 9, 6));
        assertThat(state.tokens()).contains(Window.unused(100));
    }

    @Test
    void keysHaveSeparateLimits() {
        Allowance one = allowance(OptionalInt.of(1), ANY, ANY);
        admitted("a", one, 1);

        admitted("b", one, 1);
    }

    @Test
    void unlimitedKeyNeedsNoAccount() {
        Admitted admitted = (Admitted)
                limiter.admit("key", Allowance.UNLIMITED, new Demand(1, 1)).result();

        assertThat(admitted.state()).isEqualTo(LimitState.UNLIMITED);
        assertThat(admitted.permit().settle(1)).isTrue();
        assertThat(admitted.permit().settle(1)).isFalse();
        assertThat(limiter.keys()).isZero();
    }

    @Test
    void unknownKeyHasItsWholeLimits() {
        Allowance some = allowance(OptionalInt.of(5), ANY, OptionalInt.of(2));

        assertThat(limiter.state("unknown", some).result())
                .isEqualTo(new LimitState(Optional.of(new Window(5, 5, 0)), Optional.empty(), OptionalInt.of(2), 0));
        assertThat(limiter.keys()).isZero();
    }

    @Test
    void changedLimitKeepsWhatTheKeyHasLeft() {
        admitted(allowance(OptionalInt.of(10), ANY, ANY), 1);

        assertThat(limiter.state("key", allowance(OptionalInt.of(5), ANY, ANY))
                        .result()
                        .requests())
                .contains(new Window(5, 5, 0));
        assertThat(limiter.state("key", allowance(OptionalInt.of(60), ANY, ANY))
                        .result()
                        .requests())
                .contains(new Window(60, 5, 55));
    }

    @Test
    void idleKeysAreDropped() {
        Allowance some = allowance(OptionalInt.of(60), ANY, ANY);
        IntStream.range(0, 10_000).forEach(i -> {
            admitted("key" + i, some, 1).settle(1);
            clock.pass(Duration.ofMillis(10));
        });

        // One second of them is not refilled yet, and a round takes half as many admissions as there are keys.
        assertThat(limiter.keys()).isLessThan(400);
    }

    @Test
    void ledgerMadeWhileAnotherThreadDropsTheOldOneIsKept() {
        var meanwhile = new AtomicReference<Runnable>(() -> {});
        // A check of a ledger reads the clock. There another thread may run in between.
        var shared = new LocalLimiter(() -> {
            meanwhile.getAndSet(() -> {}).run();
            return clock.getAsLong();
        });
        Allowance some = allowance(OptionalInt.of(60), ANY, ANY);
        for (String key : List.of("a", "b")) {
            ((Admitted) shared.admit(key, some, new Demand(0, 1)).result())
                    .permit()
                    .settle(1);
        }
        clock.pass(Duration.ofMinutes(1));

        meanwhile.set(() -> shared.admit("b", some, new Demand(0, 1)));
        shared.admit("c", some, new Demand(0, 1));

        assertThat(shared.running()).isEqualTo(2);
    }

    @Test
    void keysInUseAreBoundedAndNoneIsForgotten() {
        LocalLimiter small = new LocalLimiter(clock, 3);
        Allowance one = allowance(OptionalInt.of(1), ANY, ANY);
        Permit first = ((Admitted) small.admit("first", one, new Demand(0, 1)).result()).permit();
        small.admit("second", one, new Demand(0, 1));
        small.admit("third", one, new Demand(0, 1));
        clock.pass(Duration.ofMinutes(1));

        Refused refused = (Refused) small.admit("late", one, new Demand(0, 1)).result();
        first.settle(1);

        assertThat(refused.reason()).isEqualTo(Reason.CROWDED);
        assertThat(small.running()).isEqualTo(2);
        assertThat(small.admit("late", one, new Demand(0, 1)).result()).isInstanceOf(Admitted.class);
    }

    @Test
    void defaultOfMaxTokensIsWhatTheAllowanceLeaves() {
        assertThat(Demand.defaultMaxTokens(Allowance.UNLIMITED, 4000, 256)).isEqualTo(256);
        assertThat(Demand.defaultMaxTokens(allowance(ANY, OptionalInt.of(1100), ANY), 4000, 256))
                .isEqualTo(100);
        assertThat(Demand.defaultMaxTokens(allowance(ANY, OptionalInt.of(10), ANY), 4000, 256))
                .isEqualTo(1);
        Allowance ten = new Allowance(ANY, ANY, ANY, OptionalInt.of(10), Optional.empty());
        assertThat(Demand.defaultMaxTokens(ten, 4000, 256)).isEqualTo(10);
    }

    @Test
    void manyThreadsGetExactlyTheBucketAndNeverMoreThanTheSlots() throws Exception {
        Allowance limits = allowance(OptionalInt.of(1000), OptionalInt.of(50_000), OptionalInt.of(3));
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger admitted = new AtomicInteger();
        Callable<Void> flood = () -> {
            while (true) {
                LimitDecision admission =
                        limiter.admit("key", limits, new Demand(0, 10)).result();
                if (admission instanceof Admitted one) {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    admitted.incrementAndGet();
                    atOnce.decrementAndGet();
                    one.permit().settle(10);
                } else if (((Refused) admission).reason() != Reason.CONCURRENCY) {
                    return null;
                }
            }
        };

        var pool = Executors.newFixedThreadPool(6);
        List<Future<Void>> done =
                pool.invokeAll(IntStream.range(0, 6).mapToObj(i -> flood).toList());
        pool.shutdown();
        for (Future<Void> one : done) {
            one.get();
        }

        assertThat(admitted).hasValue(1000);
        assertThat(most.get()).isBetween(1, 3);
        assertThat(limiter.running()).isZero();
        assertThat(remainingTokens(limits)).isEqualTo(40_000);
    }

    private static Allowance allowance(OptionalInt requests, OptionalInt tokens, OptionalInt generations) {
        return new Allowance(requests, tokens, generations, ANY, Optional.empty());
    }

    private Permit admitted(Allowance allowance, int tokens) {
        return admitted("key", allowance, tokens);
    }

    private Permit admitted(String key, Allowance allowance, int tokens) {
        LimitDecision admission =
                limiter.admit(key, allowance, new Demand(0, tokens)).result();
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).permit();
    }

    private Refused refused(Allowance allowance, int tokens) {
        LimitDecision admission =
                limiter.admit("key", allowance, new Demand(0, tokens)).result();
        assertThat(admission).isInstanceOf(Refused.class);
        return (Refused) admission;
    }

    private int remainingTokens(Allowance allowance) {
        return limiter.state("key", allowance).result().tokens().orElseThrow().remaining();
    }
}
