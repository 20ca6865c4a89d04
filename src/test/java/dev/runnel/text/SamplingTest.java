package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {

    @ParameterizedTest
    @CsvSource({
        "temperature, -0.1, 0 … 2",
        "temperature, 2.1, 0 … 2",
        "temperature, NaN, 0 … 2",
        "topP, 0, > 0 … 1",
        "topP, 1.1, > 0 … 1",
        "presencePenalty, -2.1, -2 … 2",
        "presencePenalty, 2.1, -2 … 2",
        "frequencyPenalty, Infinity, -2 … 2",
        "topK, -1, 0 … 1000",
        "topK, 1001, 0 … 1000",
        "seed, -1, 0 … 4294967294",
        "seed, 4294967295, 0 … 4294967294"
    })
    void settingOutOfItsRangeIsNamedWithTheRule(String name, double value, String rule) {
        assertThat(sampling(name, value).violation()).hasValueSatisfying(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.INVALID_REQUEST);
            assertThat(failure.param()).isEqualTo(name);
            assertThat(failure.message()).startsWith(name + ": ").endsWith("(expected: " + rule + ")");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, 0",
        "temperature, 2",
        "topP, 0.000001",
        "topP, 1",
        "presencePenalty, -2",
        "frequencyPenalty, 2",
        "topK, 0",
        "topK, 1000",
        "seed, 0",
        "seed, 4294967294"
    })
    void settingAtItsBoundIsAccepted(String name, double value) {
        assertThat(sampling(name, value).violation()).isEmpty();
    }

    @Test
    void stopSequencesAreAtMost16Of256Characters() {
        assertThat(stop(List.of()).violation()).isEmpty();
        assertThat(stop(List.of("😀".repeat(256))).violation()).isEmpty();
        assertThat(stop(Collections.nCopies(16, "a")).violation()).isEmpty();
        assertThat(stop(Collections.nCopies(17, "a")).violation())
                .hasValue(Failure.invalid("stop", "stop: 17 strings (expected: at most 16)"));
    }

    @ParameterizedTest
    @CsvSource({"''", "\ud800", "LONG"})
    void stopSequenceThatIsRefusedIsNotRepeated(String stop) {
        Sampling sampling = stop(List.of("a", stop.equals("LONG") ? "a".repeat(257) : stop));

        assertThat(sampling.violation())
                .hasValue(Failure.invalid(
                        "stop",
                        "stop: a string that is empty, too long or not UTF-8 (expected: 1 … 256 whole characters)"));
    }

    private static Sampling stop(List<String> stop) {
        return new Sampling(null, null, null, null, null, null, stop);
    }

    private static Sampling sampling(String name, double value) {
        return new Sampling(
                name.equals("temperature") ? value : null,
                name.equals("topP") ? value : null,
                name.equals("topK") ? (Integer) (int) value : null,
                name.equals("seed") ? (Long) (long) value : null,
                name.equals("presencePenalty") ? value : null,
                name.equals("frequencyPenalty") ? value : null,
                List.of());
    }
}
