package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.WarmUpConfig.Compiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmCompilersTest {

    @ParameterizedTest
    @CsvSource({
        "AUTO, 1, EARLY",
        "AUTO, 3, EARLY",
        "AUTO, 4, OPTIMIZING",
        "AUTO, 64, OPTIMIZING",
        "QUICK, 64, QUICK",
        "EARLY, 64, EARLY",
        "OPTIMIZING, 1, OPTIMIZING"
    })
    void fewProcessorsLeaveNoneForTheOptimizingCompilerBesideStreams(
            Compiler compiler, int processors, Compiler chosen) {
        assertThat(JvmCompilers.chosen(compiler, processors)).isEqualTo(chosen);
    }
}
