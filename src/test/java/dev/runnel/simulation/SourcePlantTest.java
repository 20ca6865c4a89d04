package dev.runnel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules find bugs that are planted in the source of the service. */
class SourcePlantTest {

    private static final long LAST_SEED = 10_000;

    @ParameterizedTest
    @EnumSource(SourcePlant.class)
    void plantedBugIsFoundWithinTenThousandSeeds(SourcePlant plant) throws Exception {
        var search = (LongFunction<?>) PlantedClasses.with(plant)
                .loadClass(SeedSearch.class.getName())
                .getConstructor()
                .newInstance();

        assertThat(search.apply(LAST_SEED)).as("what is found").asString().startsWith("seed ");
    }
}
