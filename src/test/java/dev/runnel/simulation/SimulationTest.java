package dev.runnel.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs seeds of the simulation. {@code -Druns=…} is how many, {@code -Dfirst=…} the first of them. One seed in ten goes
 * through HTTP.
 */
class SimulationTest {

    private static final long RUNS = Long.getLong("runs", 100_000);

    private static final long FIRST = Long.getLong("first", 1);

    /** The build runs this in a JVM of its own, without the coverage agent: it doubles the time of a seed. */
    @Test
    @Tag("seeds")
    void everySeedKeepsTheRules() {
        Optional<Failure> failure = LongStream.range(FIRST, FIRST + RUNS)
                .parallel()
                .mapToObj(seed -> Failure.of(Seed.of(seed)))
                .flatMap(Optional::stream)
                .findFirst();

        assertThat(failure.map(Failure::report)).isEmpty();
    }

    /** Of ten seeds, the last goes through HTTP. */
    @ParameterizedTest
    @ValueSource(longs = {3, 10, 11, 20, 57, 110, 1230, 4711, 88_880})
    void twoRunsOfOneSeedAreEqualStepByStep(long seed) {
        Simulation.Outcome first = Seed.of(seed).run();
        Simulation.Outcome second = Seed.of(seed).run();

        assertThat(second.hash()).isEqualTo(first.hash());
        assertThat(second).isEqualTo(first);
    }

    /** Seed 446904 once lost the end of a generation and its account: its consumer waited for ever. */
    @Test
    void consumerThatLosesTheEndEndsByTheAccount() {
        assertThat(Failure.of(Seed.of(446_904)).map(Failure::report)).isEmpty();
    }

    /** In seed 358070 a client that has sent half a request once counted as a reader. */
    @Test
    void generationIsAbandonedThoughAClientHasSentHalfARequestForIt() {
        assertThat(Failure.of(Seed.of(358_070)).map(Failure::report)).isEmpty();
    }

    /** In seed 443820 a client that read nothing once seemed to hold the key of a failed generation. */
    @Test
    void keyOfAFailedGenerationIsFreeThoughAClientHasNotReadItsEnd() {
        assertThat(Failure.of(Seed.of(443_820)).map(Failure::report)).isEmpty();
    }

    /** In seed 105080 a generation that had failed was found by its id while its engine was still silent. */
    @Test
    void generationThatHasFailedIsNotFoundWhileItsEngineIsSilent() {
        assertThat(Failure.of(Seed.of(105_080)).map(Failure::report)).isEmpty();
    }

    @Test
    void twoSeedsDiffer() {
        assertThat(Seed.of(1).run().hash()).isNotEqualTo(Seed.of(2).run().hash());
    }

    /** With {@code -Dsimulation.seed=…}: what a failure's report says. */
    @Test
    void replays() {
        assumeThat(Long.getLong("simulation.seed")).isNotNull();
        long seed = Long.getLong("simulation.seed");
        boolean withHttp = Boolean.parseBoolean(System.getProperty("simulation.http", "true"));
        Set<String> omitted = Arrays.stream(
                        System.getProperty("simulation.omit", "").split(";"))
                .filter(fault -> !fault.isEmpty())
                .collect(Collectors.toSet());

        var setting = new Seed(seed, withHttp, Plant.Bug.NONE, omitted);
        Simulation.Outcome outcome = setting.run();

        assertThat(outcome.broken())
                .as(() -> new Failure(setting, outcome).report())
                .isEmpty();
    }
}
