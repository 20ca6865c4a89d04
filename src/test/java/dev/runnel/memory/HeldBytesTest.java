package dev.runnel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.text.FailureCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldBytesTest {

    private static final int TOTAL = 4_000;
    private static final int ONE_BODY = 100;
    private static final int PER_CONNECTION = 600;
    private static final int STEPS = 50_000;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final HeldBytes account = new HeldBytes(
            new MemoryBounds(TOTAL, PER_CONNECTION), new MemoryMeters(registry, EnumSet.allOf(Bound.class)));

    private Holding open(String key) {
        return new Holding(account, Kind.BODIES, key, new Object());
    }

    /** Acquires one largest body after another, until one is refused. */
    private long holdAllThatMayBeHeld(String key) {
        long held = 0;
        while (open(key).resize(ONE_BODY).isEmpty()) {
            held += ONE_BODY;
        }
        return held;
    }

    @Test
    void oneKeyHoldsAQuarter() {
        assertThat(holdAllThatMayBeHeld("greedy")).isEqualTo(TOTAL / 4);
        assertThat(open("greedy").resize(1)).contains(Bound.KEY);
    }

    @Test
    void furtherKeyFindsRoomBesideManyThatHoldAllTheyMay() {
        for (int i = 0; i < 100; i++) {
            holdAllThatMayBeHeld("greedy-" + i);
        }

        assertThat(open("polite").resize(ONE_BODY / 2)).isEmpty();
    }

    @Test
    void connectionHasABoundOfItsOwn() {
        Object connection = new Object();

        assertThat(new Holding(account, Kind.BODIES, "a", connection).resize(PER_CONNECTION))
                .isEmpty();
        assertThat(new Holding(account, Kind.TEXTS, "b", connection).resize(1)).contains(Bound.CONNECTION);
        assertThat(open("b").resize(1)).isEmpty();
    }

    @Test
    void serversOfOneModelHoldAQuarterAndOneGenerationMayHoldAllOfIt() {
        Holding generation = Holding.ofUpstream(account, "m");

        assertThat(generation.resize(TOTAL / 4)).isEmpty();
        assertThat(generation.resize(TOTAL / 4 + 1)).contains(Bound.MODEL);
        assertThat(Holding.ofUpstream(account, "m").resize(1)).contains(Bound.MODEL);
        assertThat(Holding.ofUpstream(account, "other").resize(1)).isEmpty();
        assertThat(open("m").resize(1)).isEmpty();
        assertThat(account.held(Kind.UPSTREAM)).isEqualTo(TOTAL / 4 + 1);
        generation.close();
        assertThat(account.held(Kind.UPSTREAM)).isEqualTo(1);
    }

    @Test
    void refusalIsCountedAndChangesNothing() {
        Holding holding = open("a");

        assertThat(holding.resize(TOTAL + 1)).contains(Bound.TOTAL);

        assertThat(holding.bytes()).isZero();
        assertThat(registry.get("runnel.memory.refused")
                        .tag("bound", "total")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(account.counted()).isZero();
    }

    @Test
    void refusalNamesTheSecondsUntilARetry() {
        assertThat(Bound.KEY.failure().code()).isEqualTo(FailureCode.FULL);
        assertThat(Bound.KEY.failure().retryAfterSeconds()).isEqualTo(5);
        assertThat(Bound.KEY.failure().message()).endsWith("; try again in 5 s");
    }

    @Test
    void closedHoldingAcquiresNothing() {
        Holding holding = open("a");
        holding.close();
        holding.close();

        assertThatThrownBy(() -> holding.resize(1)).isInstanceOf(IllegalStateException.class);
        assertThat(account.counted()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20261128, -1})
    void noBoundIsEverExceededAndEverythingIsGivenBack(long seed) {
        Random random = new Random(seed);
        List<Object> connections = List.of("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8");
        List<Kind> kinds = List.of(Kind.values());
        List<Holding> open = new ArrayList<>();
        int refused = 0;

        for (int step = 0; step < STEPS; step++) {
            if (open.size() < 40 && random.nextInt(4) == 0) {
                Kind kind = kinds.get(random.nextInt(kinds.size()));
                String owner = "o" + random.nextInt(5);
                open.add(
                        kind == Kind.UPSTREAM
                                ? Holding.ofUpstream(account, owner)
                                : new Holding(account, kind, owner, connections.get(random.nextInt(8))));
            } else if (!open.isEmpty() && random.nextInt(8) == 0) {
                open.remove(random.nextInt(open.size())).close();
            } else if (!open.isEmpty()) {
                refused += resize(open, random, "seed " + seed + ", step " + step);
            }
        }
        open.forEach(Holding::close);

        assertThat(refused).as("seed %d", seed).isGreaterThan(STEPS / 100);
        for (Kind kind : Kind.values()) {
            assertThat(account.held(kind)).as("%s, seed %d", kind, seed).isZero();
        }
        assertThat(account.counted()).as("seed %d", seed).isZero();
    }

    private static int resize(List<Holding> open, Random random, String when) {
        Holding holding = open.get(random.nextInt(open.size()));
        long before = holding.bytes();
        long wanted = random.nextInt(400);
        Optional<Bound> refusal = holding.resize(wanted);

        long total = sum(open, one -> true);
        long ofOwner =
                sum(open, one -> one.holder().owner().equals(holding.holder().owner()));
        long ofConnection = sum(
                open, one -> one.holder().connection().equals(holding.holder().connection()));
        assertThat(holding.bytes()).as(when).isEqualTo(refusal.isPresent() ? before : wanted);
        assertThat(total).as(when).isLessThanOrEqualTo(TOTAL);
        if (holding.holder().kind() != Kind.UPSTREAM) {
            assertThat(ofConnection).as(when).isLessThanOrEqualTo(PER_CONNECTION);
        }
        if (refusal.isEmpty() && wanted > before) {
            assertThat(ofOwner).as(when).isLessThanOrEqualTo((TOTAL - total) / 3);
        }
        return refusal.isPresent() ? 1 : 0;
    }

    private static long sum(List<Holding> open, Predicate<Holding> which) {
        return open.stream().filter(which).mapToLong(Holding::bytes).sum();
    }
}
