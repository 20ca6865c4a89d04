package dev.runnel.generator;

import dev.runnel.engine.ModelFacts;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import dev.runnel.text.Utf8;
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
        Optional<Failure> ofTurns = turns(submit.turns());
        if (ofTurns.isPresent()) {
            return ofTurns;
        }
        int least = submit.maxTokensIsDefault() ? 0 : 1;
        Optional<Failure> ofMaxTokens = range("maxTokens", submit.maxTokens(), least, maxTokens);
        if (ofMaxTokens.isPresent()) {
            return ofMaxTokens;
        }
        Optional<Failure> ofSampling = submit.sampling().violation();
        if (ofSampling.isPresent()) {
            return ofSampling;
        }
        Optional<Failure> ofOptions = options(submit.options());
        return ofOptions.isPresent() ? ofOptions : share(submit.origin().share());
    }

    /** The failure for a prompt that has more bytes than fit the model, found without tokenizing it. */
    static Optional<Failure> tooManyBytes(Submit submit, ModelFacts facts) {
        if (facts.promptBytes() == 0) {
            return Optional.empty();
        }
        long bytes = 0;
        for (Turn turn : submit.turns()) {
            bytes += turn.utf8Length();
        }
        return bytes <= facts.promptBytes()
                ? Optional.empty()
                : Optional.of(Failure.contextExceeded(bytes, facts.promptBytes(), facts.contextTokens()));
    }

    private static Optional<Failure> options(String options) {
        if (Surrogates.hasUnpaired(options)) {
            return Optional.of(Failure.invalid("options", "options: a lone surrogate (expected: whole code points)"));
        }
        long bytes = Utf8.length(options);
        return bytes <= Submit.MAX_OPTIONS_BYTES
                ? Optional.empty()
                : Optional.of(Failure.invalid(
                        "options",
                        "options: " + bytes + " bytes (expected: at most " + Submit.MAX_OPTIONS_BYTES + ")"));
    }

    private static Optional<Failure> share(double share) {
        return share > 0 && share <= 1
                ? Optional.empty()
                : Optional.of(Failure.invalid("share", "share: " + share + " (expected: more than 0, at most 1)"));
    }

    private static Optional<Failure> turns(List<Turn> turns) {
        if (turns.stream().allMatch(turn -> turn.content().isEmpty())) {
            return Optional.of(Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)"));
        }
        for (Turn turn : turns) {
            if (turn.role() == Turn.Role.UNKNOWN) {
                return Optional.of(Failure.invalid(
                        "messages",
                        "messages: a role that this node does not know (expected: system, user or assistant)"));
            }
            if (!turn.isWhole()) {
                return Optional.of(Failure.invalid("prompt", "prompt: a lone surrogate (expected: whole code points)"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Failure> range(String name, int value, int least, int most) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(Failure.invalid(name, name + ": " + value + " (expected: " + least + " … " + most + ")"));
    }
}
