package dev.runnel.generator;

import dev.runnel.engine.ModelFacts;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules that engines rely on in a request. Any verticle may send one over the bus, so it is checked here as well as
 * where HTTP parses it. The messages never repeat the caller's text.
 */
final class SubmitRules {

    private final int maxTokens;

    /** @param maxTokens the largest that a request may ask for */
    SubmitRules(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    /** The failure for the first rule that {@code submit} violates. */
    Optional<Failure> firstViolation(Submit submit) {
        List<Failure> violations = new ArrayList<>();
        turns(submit.turns()).ifPresent(violations::add);
        int least = submit.maxTokensIsDefault() ? 0 : 1;
        range("maxTokens", submit.maxTokens(), least, maxTokens).ifPresent(violations::add);
        submit.sampling().violation().ifPresent(violations::add);
        share(submit.share()).ifPresent(violations::add);
        return violations.stream().findFirst();
    }

    /** The failure for a prompt that has more bytes than fit the model, found without tokenizing it. */
    static Optional<Failure> tooManyBytes(Submit submit, ModelFacts facts) {
        long bytes = submit.turns().stream()
                .mapToLong(turn -> utf8Length(turn.content()))
                .sum();
        return facts.promptBytes() == 0 || bytes <= facts.promptBytes()
                ? Optional.empty()
                : Optional.of(Failure.invalid(
                        "prompt",
                        "prompt: " + bytes + " bytes (expected: at most " + facts.promptBytes()
                                + " bytes, which is more than the model's " + facts.contextTokens() + " tokens hold)"));
    }

    /** Without a copy, of a text without lone surrogates. */
    private static long utf8Length(String text) {
        return text.chars()
                .map(c -> c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate((char) c) ? 2 : 3)
                .asLongStream()
                .sum();
    }

    private static Optional<Failure> share(double share) {
        return share > 0 && share <= 1
                ? Optional.empty()
                : Optional.of(Failure.invalid("share", "share: " + share + " (expected: more than 0, at most 1)"));
    }

    private static Optional<Failure> turns(List<Turn> turns) {
        if (turns.isEmpty() || turns.get(turns.size() - 1).content().isEmpty()) {
            return Optional.of(Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)"));
        }
        if (turns.stream().anyMatch(turn -> turn.role() == Turn.Role.UNKNOWN)) {
            return Optional.of(Failure.invalid(
                    "messages", "messages: a role that this node does not know (expected: system, user or assistant)"));
        }
        return turns.stream().map(Turn::content).anyMatch(Surrogates::hasUnpaired)
                ? Optional.of(Failure.invalid("prompt", "prompt: a lone surrogate (expected: whole code points)"))
                : Optional.empty();
    }

    private static Optional<Failure> range(String name, int value, int least, int most) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(Failure.invalid(name, name + ": " + value + " (expected: " + least + " … " + most + ")"));
    }
}
