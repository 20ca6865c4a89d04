package dev.runnel.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import dev.runnel.limit.ReferenceKey.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limiter beside an exact model of its rules: random arrivals, durations and endings. */
class LocalLimiterPropertyTest {

    private static final int KEYS = 50;
    private static final int REQUESTS = 100_000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ManualNanos clock = new ManualNanos();
    private MeteredLimiter limiter = new LocalLimiter(clock);
    private final PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparingLong(Running::endsAt));
    private final List<ReferenceKey> keys = new ArrayList<>();
    private final List<List<Use>> requestUses = new ArrayList<>();
    private final List<List<Use>> tokenUses = new ArrayList<>();
    private int admitted;
    private int refused;

    private record Running(int key, Demand demand, Permit permit, long endsAt, long used) {}

    /** What was charged to a key, and whether its bucket had to hold that much. */
    private record Use(long at, long amount, boolean admission) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20261123, -1})
    void everyKeyIsAdmittedExactlyWhatTheContractAllows(long seed) {
        assertLimitsAreExact(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261128})
    void storedLedgersDecideTheSame(long seed) {
        limiter = new StoredLimiter(clock);

        assertLimitsAreExact(seed);
    }

    private void assertLimitsAreExact(long seed) {
        Random random = new Random(seed);
        IntStream.range(0, KEYS).forEach(key -> addKey(random));

        for (int i = 0; i < REQUESTS; i++) {
            long arrival = clock.getAsLong() + gap(random);
            endAllUntil(arrival);
            clock.setTo(arrival);
            arrive(random.nextInt(KEYS), random, "seed " + seed + ", request " + i);
        }
        endAllUntil(Long.MAX_VALUE);

        assertThat(admitted).as("admitted, seed %d", seed).isGreaterThan(REQUESTS / 10);
        assertThat(refused).as("refused, seed %d", seed).isGreaterThan(REQUESTS / 10);
        assertThat(limiter.running()).isZero();
        IntStream.range(0, KEYS).forEach(this::assertAccountIsRight);
        assertNothingIsKeptOnceAllIsRefilled();
    }

    private void addKey(Random random) {
        Allowance allowance = new Allowance(
                perhaps(random, 1 + random.nextInt(200)),
                perhaps(random, 200 + random.nextInt(100_000)),
                perhaps(random, 1 + random.nextInt(8)),
                OptionalInt.empty(),
                Optional.empty());
        keys.add(new ReferenceKey(allowance, clock.getAsLong()));
        requestUses.add(new ArrayList<>());
        tokenUses.add(new ArrayList<>());
    }

    private static OptionalInt perhaps(Random random, int value) {
        return random.nextInt(5) == 0 ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Bursts, single ones and now and then a long silence. */
    private static long gap(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1_000);
            case 2 -> random.nextLong(SECOND);
            default -> random.nextLong(SECOND / 20);
        };
    }

    private void arrive(int key, Random random, String where) {
        long now = clock.getAsLong();
        ReferenceKey reference = keys.get(key);
        Demand demand = new Demand(random.nextInt(20_000), 1 + random.nextInt(4_096));
        Decision expected = reference.decide(demand, now);
        LimitDecision admission =
                limiter.admit("key" + key, reference.allowance, demand).result();
        if (admission instanceof Admitted granted) {
            assertThat(expected).as(where).isEqualTo(Decision.ADMITTED);
            admit(key, demand, granted.permit(), random);
        } else {
            refused++;
            assertRefusalIsTrue((Refused) admission, expected, demand, reference, where);
        }
        assertStateIs(reference, admission.state(), where);
    }

    private void admit(int key, Demand demand, Permit permit, Random random) {
        long now = clock.getAsLong();
        admitted++;
        keys.get(key).take(demand, now);
        requestUses.get(key).add(new Use(now, 1, true));
        tokenUses.get(key).add(new Use(now, demand.tokens(), true));
        long used = switch (random.nextInt(4)) {
            case 0 -> 0; // never started
            case 1 -> demand.tokens(); // ran to its end
            case 2 -> demand.tokens() + random.nextInt(3_000); // the prompt had more tokens than its bytes promised
            default -> random.nextLong(demand.tokens()); // cancelled, failed, timed out, or done early
        };
        running.add(new Running(key, demand, permit, now + random.nextLong(20 * SECOND), used));
    }

    private void assertRefusalIsTrue(
            Refused refusal, Decision expected, Demand demand, ReferenceKey reference, String where) {
        long now = clock.getAsLong();
        switch (refusal.reason()) {
            case EXCEEDS_PLAN -> assertThat(expected).as(where).isEqualTo(Decision.EXCEEDS_PLAN);
            case CONCURRENCY -> assertThat(expected).as(where).isEqualTo(Decision.CONCURRENCY);
            case REQUESTS, TOKENS -> {
                assertThat(expected).as(where).isEqualTo(Decision.RATE);
                long wait = refusal.retryAfterSeconds();
                assertThat(reference.has(demand, now + wait * SECOND))
                        .as("%s: free after %d s", where, wait)
                        .isTrue();
                assertThat(reference.has(demand, now + (wait - 1) * SECOND))
                        .as("%s: free a second before %d s", where, wait)
                        .isFalse();
            }
            default -> assertThat(refusal.reason()).as(where).isEqualTo(Reason.REQUESTS);
        }
    }

    private void assertStateIs(ReferenceKey reference, LimitState state, String where) {
        long now = clock.getAsLong();
        assertThat(state.requests().map(Window::remaining).orElse(-1))
                .as("requests left, %s", where)
                .isEqualTo(reference.remainingRequests(now));
        assertThat(state.tokens().map(Window::remaining).orElse(-1))
                .as("tokens left, %s", where)
                .isEqualTo(reference.remainingTokens(now));
        if (state.generations().isPresent()) {
            assertThat(state.running()).as("running, %s", where).isEqualTo(reference.running);
        }
    }

    private void endAllUntil(long time) {
        while (!running.isEmpty() && running.peek().endsAt() <= time) {
            Running one = running.remove();
            clock.setTo(one.endsAt());
            assertThat(one.permit().settle(one.used())).isTrue();
            assertThat(one.permit().settle(one.used() + 1)).isFalse();
            keys.get(one.key()).settle(one.demand(), one.used(), one.endsAt());
            tokenUses
                    .get(one.key())
                    .add(new Use(one.endsAt(), one.used() - one.demand().tokens(), false));
        }
    }

    private void assertAccountIsRight(int key) {
        Allowance allowance = keys.get(key).allowance;
        LimitState state = limiter.state("key" + key, allowance).result();
        assertStateIs(keys.get(key), state, "key" + key + " at the end");
        allowance.requestsPerMinute().ifPresent(limit -> assertNoWindowHoldsMore(requestUses.get(key), limit));
        allowance.tokensPerMinute().ifPresent(limit -> assertNoWindowHoldsMore(tokenUses.get(key), limit));
    }

    /** At most N + N·t/60 in any t seconds: from every use to every later admission. */
    private static void assertNoWindowHoldsMore(List<Use> uses, int limit) {
        // Σ uses − N·t/60 from i to j is largest for some i: keep the largest of those that end here (Kadane).
        double most = 0;
        long before = 0;
        for (Use use : uses) {
            double refilled = limit * ((use.at() - before) / (double) ReferenceKey.UNIT);
            most = (before == 0 ? 0 : Math.max(0, most - refilled)) + use.amount();
            before = use.at();
            if (use.admission()) {
                assertThat(most).isLessThanOrEqualTo(limit + 1e-3);
            }
        }
    }

    private void assertNothingIsKeptOnceAllIsRefilled() {
        clock.pass(Duration.ofHours(1));
        for (int i = 0; i < KEYS; i++) {
            limiter.admit("late", Allowance.UNLIMITED, new Demand(0, 1));
        }
        assertThat(limiter.keys()).isZero();
    }
}
