package dev.runnel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The rules find bugs that are planted at the edges of the rooms. */
class PlantedBugTest {

    private static final long MAX_SEEDS = 10_000;

    private static Optional<Seed> firstSeedThatShows(Plant.Bug bug) {
        return LongStream.rangeClosed(1, MAX_SEEDS)
                .parallel()
                .mapToObj(seed -> Seed.of(seed).planted(bug))
                .filter(setting -> setting.run().broken().isPresent())
                .findFirst();
    }

    @ParameterizedTest
    @EnumSource(value = Plant.Bug.class, mode = Mode.EXCLUDE, names = "NONE")
    void plantedBugIsFoundWithinTenThousandSeeds(Plant.Bug bug) {
        assertThat(firstSeedThatShows(bug)).isPresent();
    }

    @Test
    void reportOfAFailureReplaysWithFewerFaults() {
        Seed found = firstSeedThatShows(Plant.Bug.LOST_DELTA).orElseThrow();

        Failure failure = Failure.of(found).orElseThrow();

        assertThat(failure.outcome().faults())
                .hasSizeLessThan(found.run().faults().size());
        assertThat(failure.setting().run()).isEqualTo(failure.outcome());
        assertThat(failure.report()).contains("produced", "the last of", "-Dsimulation.seed=" + found.seed());
    }
}
