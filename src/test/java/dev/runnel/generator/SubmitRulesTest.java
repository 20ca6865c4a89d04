package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitRulesTest {

    private final SubmitRules rules = new SubmitRules(4096);

    @ParameterizedTest
    @CsvSource({
        "temperature, -0.1", "temperature, 2.1", "temperature, NaN", "topP, 0", "topP, 1.1", "presencePenalty, -2.1",
        "presencePenalty, 2.1", "frequencyPenalty, Infinity", "topK, -1", "topK, 1001", "seed, -1", "seed, 4294967295"
    })
    void settingOutOfItsRangeIsNamed(String name, double value) {
        assertThat(broken(sampling(name, value))).hasValueSatisfying(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.INVALID_REQUEST);
            assertThat(failure.param()).isEqualTo(name);
            assertThat(failure.message()).startsWith(name + ": ").contains("(expected: ");
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
    void settingAtItsBoundIsFine(String name, double value) {
        assertThat(broken(sampling(name, value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\ud800"})
    void promptOfNothingOrHalvesIsRefusedWithoutRepeatingIt(String prompt) {
        assertThat(rules.firstViolation(submit(List.of(Turn.user(prompt)), Sampling.UNSET, 1, false)))
                .hasValue(Failure.invalid(
                        "prompt",
                        prompt.isEmpty()
                                ? "prompt: empty (expected: 1 code point or more)"
                                : "prompt: a lone surrogate (expected: whole code points)"));
    }

    @Test
    void stopSequencesAreFewShortAndNotEmpty() {
        assertThat(broken(stop("a", "b", "c", "d"))).isEmpty();
        assertThat(broken(stop("😀".repeat(64)))).isEmpty();
        for (Sampling wrong : List.of(stop(""), stop("\udc00"), stop("a".repeat(65)), stop("a", "b", "c", "d", "e"))) {
            assertThat(broken(wrong)).map(Failure::param).hasValue("stop");
        }
    }

    @Test
    void maxTokensIsBoundAndMayOnlyBeLeftOutAsADefault() {
        List<Turn> turns = List.of(Turn.user("x"));
        assertThat(rules.firstViolation(submit(turns, Sampling.UNSET, 0, true))).isEmpty();
        assertThat(rules.firstViolation(submit(turns, Sampling.UNSET, 4096, false)))
                .isEmpty();
        assertThat(rules.firstViolation(submit(turns, Sampling.UNSET, 0, false)).map(Failure::message))
                .hasValue("maxTokens: 0 (expected: 1 … 4096)");
        assertThat(rules.firstViolation(submit(turns, Sampling.UNSET, 4097, false))
                        .map(Failure::param))
                .hasValue("maxTokens");
    }

    private Optional<Failure> broken(Sampling sampling) {
        return rules.firstViolation(submit(List.of(Turn.user("x")), sampling, 1, false));
    }

    private static Submit submit(List<Turn> turns, Sampling sampling, int maxTokens, boolean isDefault) {
        return new Submit("", turns, sampling, maxTokens, isDefault, "", "", "", null, "inbox");
    }

    private static Sampling stop(String... stop) {
        return new Sampling(null, null, null, null, null, null, List.of(stop));
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
