package dev.runnel.text;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen and where the text stops. What is {@code null} was left out: then the model's own default
 * counts, and where the model has none, the engine's.
 *
 * <p>The ranges are the widest that any route accepts, see {@link #violation()}. A route's parser has its own, narrower
 * ones.
 *
 * @param temperature 0 … 2; 0 always chooses the likeliest token
 * @param topP more than 0, at most 1
 * @param topK 0 … 1000; 0 is off
 * @param seed 0 … 4294967294
 * @param presencePenalty -2 … 2
 * @param frequencyPenalty -2 … 2
 * @param stop at most 16 sequences of 1 … 256 characters that end the text and are not part of it
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Long seed,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        List<String> stop) {

    /** Everything left out. */
    public static final Sampling UNSET = new Sampling(null, null, null, null, null, null, List.of());

    private static final int MAX_STOPS = 16;
    private static final int LONGEST_STOP = 256;
    private static final long LARGEST_SEED = 4_294_967_294L;

    /** Copies the stop sequences. */
    public Sampling {
        stop = List.copyOf(stop);
    }

    /**
     * These settings, with others for what is left out.
     *
     * @param defaults the others
     * @return both together
     */
    public Sampling orElse(Sampling defaults) {
        return new Sampling(
                firstOf(temperature, defaults.temperature),
                firstOf(topP, defaults.topP),
                firstOf(topK, defaults.topK),
                firstOf(seed, defaults.seed),
                firstOf(presencePenalty, defaults.presencePenalty),
                firstOf(frequencyPenalty, defaults.frequencyPenalty),
                stop.isEmpty() ? defaults.stop : stop);
    }

    private static <T> @Nullable T firstOf(@Nullable T value, @Nullable T other) {
        return Objects.nonNull(value) ? value : other;
    }

    /**
     * The first setting that is out of its range. The failure never repeats a stop sequence: it is the caller's text.
     *
     * @return {@code INVALID_REQUEST} with the setting's name, or empty
     */
    public Optional<Failure> violation() {
        Optional<Failure> found = outOfRange("temperature", temperature, 0, 2);
        found = found.isPresent() ? found : outOfRange("topP", topP, Double.MIN_VALUE, 1);
        found = found.isPresent() ? found : outOfRange("topK", topK, 0, 1000);
        found = found.isPresent() ? found : outOfRange("seed", seed, 0, LARGEST_SEED);
        found = found.isPresent() ? found : outOfRange("presencePenalty", presencePenalty, -2, 2);
        found = found.isPresent() ? found : outOfRange("frequencyPenalty", frequencyPenalty, -2, 2);
        return found.isPresent() ? found : stopViolation();
    }

    private static Optional<Failure> outOfRange(String name, @Nullable Number value, double least, double most) {
        if (value == null || (value.doubleValue() >= least && value.doubleValue() <= most)) {
            return Optional.empty();
        }
        String rule = (least == Double.MIN_VALUE ? "> 0" : String.valueOf((long) least)) + " … " + (long) most;
        return Optional.of(Failure.invalid(name, name + ": " + value + " (expected: " + rule + ")"));
    }

    private Optional<Failure> stopViolation() {
        String rule = " (expected: 1 … " + LONGEST_STOP + " whole characters)";
        if (stop.size() > MAX_STOPS) {
            return Optional.of(
                    Failure.invalid("stop", "stop: " + stop.size() + " strings (expected: at most " + MAX_STOPS + ")"));
        }
        return stop.stream().allMatch(Sampling::isStop)
                ? Optional.empty()
                : Optional.of(Failure.invalid("stop", "stop: a string that is empty, too long or not UTF-8" + rule));
    }

    private static boolean isStop(String stop) {
        return !stop.isEmpty()
                && stop.codePointCount(0, stop.length()) <= LONGEST_STOP
                && !Surrogates.hasUnpaired(stop);
    }

    /** Leaves the stop sequences out: they are the caller's text. */
    @Override
    public String toString() {
        return "Sampling[temperature=" + temperature + ", topP=" + topP + ", topK=" + topK + ", seed=" + seed
                + ", stop=" + stop.size() + " sequences]";
    }
}
