package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.text.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpstreamsTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final List<String> reports = new ArrayList<>();
    private double random = 0.5;

    @Test
    void requestsAreSharedOutByWeight() {
        Upstreams upstreams = upstreams(3, 1, 2);
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            Lease lease = upstreams.acquire(new BitSet()).orElseThrow();
            order.append(lease.upstream().place());
            upstreams.release(lease, UpstreamOutcome.COMPLETED, 0, "");
        }

        assertThat(order.chars().filter(c -> c == '0')).hasSize(6);
        assertThat(order.chars().filter(c -> c == '1')).hasSize(2);
        assertThat(order.chars().filter(c -> c == '2')).hasSize(4);
        assertThat(order.toString()).doesNotContain("0000");
    }

    @Test
    void noUpstreamGetsMoreRequestsThanItsLimit() {
        Upstreams upstreams = upstreams(1, 1);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            leases.add(upstreams.acquire(new BitSet()).orElseThrow());
        }

        assertThat(leases).filteredOn(lease -> lease.upstream().place() == 0).hasSize(4);
        assertThat(upstreams.acquire(new BitSet())).isEmpty();
        assertThat(upstreams.allOpen()).isEmpty();
        assertThat(upstreams.refusal().code()).isEqualTo(FailureCode.UPSTREAM_OVERLOADED);
        upstreams.release(leases.get(5), UpstreamOutcome.CANCELLED, 0, "");
        assertThat(upstreams.acquire(new BitSet()).map(Lease::upstream))
                .contains(leases.get(5).upstream());
    }

    @Test
    void thoseThatWereTriedAreLeftOut() {
        Upstreams upstreams = upstreams(5, 1);
        BitSet tried = new BitSet();
        tried.set(0);

        assertThat(upstreams.acquire(tried).map(lease -> lease.upstream().place()))
                .contains(1);
    }

    @Test
    void pausesGrowUntilTheLongestAndOneRequestTriesAgain() {
        Upstreams upstreams = upstreams(1);
        end(upstreams, UpstreamOutcome.UNREACHABLE);
        for (long pause : List.of(500, 1000, 2000, 4000, 8000, 10_000, 10_000)) {
            pass(Duration.ofMillis(pause).minusNanos(1));
            assertThat(upstreams.acquire(new BitSet())).isEmpty();
            pass(Duration.ofNanos(1));
            Lease trial = upstreams.acquire(new BitSet()).orElseThrow();
            assertThat(upstreams.acquire(new BitSet())).as("a second trial").isEmpty();
            upstreams.release(trial, UpstreamOutcome.UNREACHABLE, 0, "no");
        }
        assertThat(reports)
                .contains("circuit open PT0.5S", "circuit open PT1S", "circuit open PT8S", "circuit open PT10S");
    }

    @Test
    void answerEndsTheTrialAndATextForgetsTheFailures() {
        Upstreams upstreams = upstreams(1);
        end(upstreams, UpstreamOutcome.UNREACHABLE);
        pass(Duration.ofSeconds(1));
        Lease trial = upstreams.acquire(new BitSet()).orElseThrow();
        upstreams.answered(trial);
        Lease second = upstreams.acquire(new BitSet()).orElseThrow();
        upstreams.release(second, UpstreamOutcome.UNREACHABLE, 0, "");
        assertThat(reports).endsWith("UNREACHABLE", "circuit open PT1S");

        pass(Duration.ofSeconds(1));
        end(upstreams, UpstreamOutcome.COMPLETED);
        end(upstreams, UpstreamOutcome.UNREACHABLE);
        assertThat(reports).endsWith("COMPLETED", "UNREACHABLE", "circuit open PT0.5S");
    }

    @Test
    void cancelledTrialIsFollowedByAnother() {
        Upstreams upstreams = upstreams(1);
        end(upstreams, UpstreamOutcome.OVERLOADED);
        pass(Duration.ofSeconds(1));
        end(upstreams, UpstreamOutcome.CANCELLED);

        assertThat(upstreams.acquire(new BitSet())).isPresent();
        assertThat(upstreams.acquire(new BitSet())).isEmpty();
    }

    @Test
    void manyStreamsThatBreakAtOnceAreOneFailure() {
        Upstreams upstreams = upstreams(1);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            leases.add(upstreams.acquire(new BitSet()).orElseThrow());
        }
        leases.forEach(lease -> upstreams.release(lease, UpstreamOutcome.UNREACHABLE, 0, ""));

        assertThat(reports).filteredOn(line -> line.startsWith("circuit open")).containsExactly("circuit open PT0.5S");
        pass(Duration.ofMillis(500));
        assertThat(upstreams.acquire(new BitSet())).isPresent();
    }

    @Test
    void upstreamThatAsksForTimeGetsItWithinBounds() {
        Upstreams upstreams = upstreams(1);
        Lease lease = upstreams.acquire(new BitSet()).orElseThrow();
        upstreams.release(lease, UpstreamOutcome.OVERLOADED, 3, "");
        assertThat(reports).endsWith("circuit open PT3S");
        assertThat(upstreams.allOpen().orElseThrow().retryAfterSeconds()).isEqualTo(3);
        pass(Duration.ofMillis(2500));
        assertThat(upstreams.allOpen().orElseThrow().retryAfterSeconds()).isEqualTo(1);
        pass(Duration.ofMillis(500));
        assertThat(upstreams.allOpen()).isEmpty();

        upstreams.release(upstreams.acquire(new BitSet()).orElseThrow(), UpstreamOutcome.OVERLOADED, 999_999, "");
        assertThat(reports).endsWith("circuit open PT10S");
    }

    @Test
    void pausesAreSpread() {
        random = 0;
        end(upstreams(1), UpstreamOutcome.UNREACHABLE);
        random = 1;
        end(upstreams(1), UpstreamOutcome.UNREACHABLE);

        assertThat(reports).contains("circuit open PT0.4S", "circuit open PT0.6S");
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamOutcome.class,
            names = {"DENIED", "FAILED", "SILENT"})
    void lastOneThatWorksIsKept(UpstreamOutcome outcome) {
        Upstreams upstreams = upstreams(1, 1);
        end(upstreams, outcome);
        assertThat(reports).endsWith("circuit open PT0.5S");
        end(upstreams, outcome);
        assertThat(reports).endsWith(outcome.name());

        assertThat(upstreams.acquire(new BitSet())).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamOutcome.class,
            names = {"COMPLETED", "CANCELLED", "REFUSED"})
    void whatIsNotTheUpstreamsFaultIsNotHeldAgainstIt(UpstreamOutcome outcome) {
        Upstreams upstreams = upstreams(1, 1);
        end(upstreams, outcome);

        assertThat(reports).containsExactly(outcome.name());
    }

    @Test
    void longerRetryAfterExtendsAnOpenCircuitAndIsNotReported() {
        Upstreams upstreams = upstreams(1);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            leases.add(upstreams.acquire(new BitSet()).orElseThrow());
        }
        upstreams.release(leases.get(0), UpstreamOutcome.OVERLOADED, 0, "");
        upstreams.release(leases.get(1), UpstreamOutcome.OVERLOADED, 5, "");
        upstreams.release(leases.get(2), UpstreamOutcome.OVERLOADED, 2, "");
        upstreams.release(leases.get(3), UpstreamOutcome.UNREACHABLE, 0, "");

        assertThat(reports).filteredOn(line -> line.startsWith("circuit open")).containsExactly("circuit open PT0.5S");
        pass(Duration.ofSeconds(5).minusNanos(1));
        assertThat(upstreams.acquire(new BitSet())).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(upstreams.acquire(new BitSet())).isPresent();
    }

    @Test
    void extensionOfAnOpenCircuitIsBounded() {
        Upstreams upstreams = upstreams(1);
        Lease first = upstreams.acquire(new BitSet()).orElseThrow();
        Lease second = upstreams.acquire(new BitSet()).orElseThrow();
        upstreams.release(first, UpstreamOutcome.OVERLOADED, 0, "");
        upstreams.release(second, UpstreamOutcome.OVERLOADED, 3600, "");

        pass(Duration.ofSeconds(10));
        assertThat(upstreams.acquire(new BitSet())).isPresent();
    }

    private static void end(Upstreams upstreams, UpstreamOutcome outcome) {
        Optional<Lease> lease = upstreams.acquire(new BitSet());
        upstreams.release(lease.orElseThrow(), outcome, 0, "");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Upstreams of these weights that take four requests each. */
    private Upstreams upstreams(int... weights) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (int weight : weights) {
            entries.add(new HashMap<>(Map.of(
                    "url",
                    "http://127.0.0.1:" + (9000 + entries.size()),
                    "model",
                    "m",
                    "weight",
                    weight,
                    "concurrent",
                    4)));
        }
        ModelConfig model = Rig.model(Map.of(), entries);
        OpenAiSettings settings = OpenAiSettings.read(model, new ArrayList<>());
        List<Upstream> all = new ArrayList<>();
        for (UpstreamSettings each : settings.upstreams()) {
            all.add(new Upstream(
                    all.size(),
                    "u",
                    each,
                    UpstreamClientOptions.of(each, settings, Optional.empty(), Optional.empty())));
        }
        return new Upstreams("m", all, settings.pauses(), new Reports(), nanos::get, () -> random);
    }

    private final class Reports implements EngineListener {

        @Override
        public void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {
            reports.add(outcome.name());
        }

        @Override
        public void upstreamCircuitOpened(String model, String upstream, Duration pause) {
            reports.add("circuit open " + pause);
        }
    }
}
