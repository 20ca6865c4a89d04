package dev.runnel.generator;

import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.Sampling;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules that engines rely on in a request. Any verticle may send one over the bus, so it is checked here as well as
 * where HTTP parses it. The messages never repeat the caller's text.
 */
final class SubmitRules {

    private static final int MOST_STOPS = 4;
    private static final int LONGEST_STOP = 64;
    private static final long LARGEST_SEED = 4_294_967_294L;

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
        sampling(submit.sampling(), violations);
        return violations.stream().findFirst();
    }

    private static Optional<Failure> turns(List<Turn> turns) {
        if (turns.isEmpty() || turns.get(turns.size() - 1).content().isEmpty()) {
            return Optional.of(Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)"));
        }
        return turns.stream().map(Turn::content).anyMatch(Surrogates::hasUnpaired)
                ? Optional.of(Failure.invalid("prompt", "prompt: a lone surrogate (expected: whole code points)"))
                : Optional.empty();
    }

    private static void sampling(Sampling sampling, List<Failure> violations) {
        range("temperature", sampling.temperature(), 0, 2).ifPresent(violations::add);
        range("topP", sampling.topP(), Double.MIN_VALUE, 1).ifPresent(violations::add);
        range("topK", sampling.topK(), 0, 1000).ifPresent(violations::add);
        range("seed", sampling.seed(), 0, LARGEST_SEED).ifPresent(violations::add);
        range("presencePenalty", sampling.presencePenalty(), -2, 2).ifPresent(violations::add);
        range("frequencyPenalty", sampling.frequencyPenalty(), -2, 2).ifPresent(violations::add);
        boolean stopIsFine =
                sampling.stop().size() <= MOST_STOPS && sampling.stop().stream().allMatch(SubmitRules::isStop);
        if (!stopIsFine) {
            violations.add(Failure.invalid(
                    "stop",
                    "stop: too many, too long, empty or with a lone surrogate"
                            + " (expected: 1 … 4 strings of 1 … 64 whole characters)"));
        }
    }

    private static boolean isStop(String stop) {
        return !stop.isEmpty()
                && stop.codePointCount(0, stop.length()) <= LONGEST_STOP
                && !Surrogates.hasUnpaired(stop);
    }

    private static Optional<Failure> range(String name, @Nullable Number value, double least, double most) {
        boolean isFine = value == null || (value.doubleValue() >= least && value.doubleValue() <= most);
        return isFine
                ? Optional.empty()
                : Optional.of(Failure.invalid(
                        name, name + ": " + value + " (expected: " + bound(least) + " … " + bound(most) + ")"));
    }

    private static String bound(double bound) {
        return bound == Double.MIN_VALUE ? "> 0" : String.valueOf((long) bound);
    }
}
