package dev.runnel.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.WarmUpConfig.Compiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmCompilersTest {

    @ParameterizedTest
    @CsvSource({
        "AUTO, 1, true",
        "AUTO, 3, true",
        "AUTO, 4, false",
        "AUTO, 64, false",
        "QUICK, 64, true",
        "OPTIMIZING, 1, false"
    })
    void fewProcessorsLeaveNoneForTheOptimizingCompiler(Compiler compiler, int processors, boolean quickAlone) {
        assertThat(JvmCompilers.isQuickAlone(compiler, processors)).isEqualTo(quickAlone);
    }
}
