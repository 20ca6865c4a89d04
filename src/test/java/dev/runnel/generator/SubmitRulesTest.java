package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitRulesTest {

    private final SubmitRules rules = new SubmitRules(4096);

    @Test
    void settingOutOfItsRangeIsNamed() {
        var sampling = new Sampling(2.1, null, null, null, null, null, List.of());

        assertThat(broken(sampling)).hasValue(Failure.invalid("temperature", "temperature: 2.1 (expected: 0 … 2)"));
    }

    @Test
    void turnOfAnUnknownRoleIsRefused() {
        List<Turn> turns = List.of(new Turn(Turn.Role.UNKNOWN, "x"), Turn.user("y"));

        assertThat(rules.firstViolation(submit(turns, Sampling.UNSET, 1, false)).map(Failure::param))
                .hasValue("messages");
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
    void turnMayBeEmptyBesideAnotherWithText() {
        assertThat(rules.firstViolation(
                        submit(List.of(new Turn(Turn.Role.SYSTEM, "x"), Turn.user("")), Sampling.UNSET, 1, false)))
                .isEmpty();
        assertThat(rules.firstViolation(submit(List.of(Turn.user(""), Turn.user("")), Sampling.UNSET, 1, false)))
                .isPresent();
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

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
    void shareIsMoreThanZeroAndAtMostOne(double share) {
        List<Turn> turns = List.of(Turn.user("x"));
        var submit = new Submit("", turns, Sampling.UNSET, 1, false, "", Origin.NO_KEY.withShare(share), "inbox");

        assertThat(rules.firstViolation(submit))
                .hasValue(Failure.invalid("share", "share: " + share + " (expected: more than 0, at most 1)"));
    }

    @Test
    void optionsAreBoundInBytes() {
        assertThat(options("x".repeat(Submit.MAX_OPTIONS_BYTES))).isEmpty();
        assertThat(options("é".repeat(Submit.MAX_OPTIONS_BYTES / 2 + 1)))
                .hasValue(Failure.invalid("options", "options: 262146 bytes (expected: at most 262144)"));
        assertThat(options("\ud800").map(Failure::param)).hasValue("options");
    }

    private Optional<Failure> options(String options) {
        var submit = new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 1, false, options, Origin.NO_KEY, "inbox");
        return rules.firstViolation(submit);
    }

    private Optional<Failure> broken(Sampling sampling) {
        return rules.firstViolation(submit(List.of(Turn.user("x")), sampling, 1, false));
    }

    private static Submit submit(List<Turn> turns, Sampling sampling, int maxTokens, boolean isDefault) {
        return new Submit("", turns, sampling, maxTokens, isDefault, "", Origin.NO_KEY, "inbox");
    }
}
