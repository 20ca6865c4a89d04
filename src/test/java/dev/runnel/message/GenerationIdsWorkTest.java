package dev.runnel.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.connection.HeaderWork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationIdsWorkTest {

    private static final int MAX_READS = 100;

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void idInAPathIsReadUpToItsLengthAndNoFurther(String value) {
        assertThat(HeaderWork.read(value, GenerationIds::home)).isLessThanOrEqualTo(MAX_READS);
    }
}
