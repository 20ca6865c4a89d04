package dev.runnel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules find bugs that are planted in the source of the service. */
class SourcePlantTest {

    private static final long SEEDS = 1_000;

    @ParameterizedTest
    @EnumSource(SourcePlant.class)
    void plantedBugIsFoundWithinTenThousandSeeds(SourcePlant plant) throws Exception {
        // Of ten seeds of one node, one goes through HTTP.
        assertThat(firstSeedThatShows(plant)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(ClusterPlant.class)
    void plantedBugOfThreeNodesIsFoundWithinAThousandSeeds(ClusterPlant plant) throws Exception {
        assertThat(firstSeedThatShows(plant)).isPresent();
    }

    /** A seed that breaks a rule with the bug, and none without it. */
    private static OptionalLong firstSeedThatShows(SourceBug bug) throws Exception {
        LongFunction<String> planted = PlantedClasses.with(bug).seeds(bug.nodes());
        LongFunction<String> sound = new SeedRun(bug.nodes());
        return LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .filter(seed -> !planted.apply(seed).isEmpty())
                .filter(seed -> sound.apply(seed).isEmpty())
                .findAny();
    }
}
