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
 * What engines rely on in a request. Anybody on the bus may send one, so it is checked here as well as where HTTP parses it;
 * the messages never repeat the caller's text.
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

    /** The first rule that {@code submit} breaks. */
    Optional<Failure> broken(Submit submit) {
        List<Failure> broken = new ArrayList<>();
        turns(submit.turns()).ifPresent(broken::add);
        int least = submit.maxTokensIsDefault() ? 0 : 1;
        range("maxTokens", submit.maxTokens(), least, maxTokens).ifPresent(broken::add);
        sampling(submit.sampling(), broken);
        return broken.stream().findFirst();
    }

    private static Optional<Failure> turns(List<Turn> turns) {
        if (turns.isEmpty() || turns.get(turns.size() - 1).content().isEmpty()) {
            return Optional.of(Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)"));
        }
        return turns.stream().map(Turn::content).anyMatch(Surrogates::hasUnpaired)
                ? Optional.of(Failure.invalid("prompt", "prompt: a lone surrogate (expected: whole code points)"))
                : Optional.empty();
    }

    private static void sampling(Sampling sampling, List<Failure> broken) {
        range("temperature", sampling.temperature(), 0, 2).ifPresent(broken::add);
        range("topP", sampling.topP(), Double.MIN_VALUE, 1).ifPresent(broken::add);
        range("topK", sampling.topK(), 0, 1000).ifPresent(broken::add);
        range("seed", sampling.seed(), 0, LARGEST_SEED).ifPresent(broken::add);
        range("presencePenalty", sampling.presencePenalty(), -2, 2).ifPresent(broken::add);
        range("frequencyPenalty", sampling.frequencyPenalty(), -2, 2).ifPresent(broken::add);
        boolean stopIsFine =
                sampling.stop().size() <= MOST_STOPS && sampling.stop().stream().allMatch(SubmitRules::isStop);
        if (!stopIsFine) {
            broken.add(Failure.invalid(
                    "stop", "stop: not as it must be (expected: 1 … 4 strings of 1 … 64 whole characters)"));
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
