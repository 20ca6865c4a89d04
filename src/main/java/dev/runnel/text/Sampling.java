package dev.runnel.text;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen and where the text stops. What is {@code null} was left out: the model's own default counts, and
 * behind it the engine's.
 *
 * @param temperature 0 … 2; 0 always takes the likeliest token
 * @param topP more than 0, at most 1
 * @param topK 0 … 1000; 0 is off
 * @param seed 0 … 4294967294
 * @param presencePenalty -2 … 2
 * @param frequencyPenalty -2 … 2
 * @param stop at most 4 sequences that end the text and are no part of it
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

    public Sampling {
        stop = List.copyOf(stop);
    }

    /** These settings, with {@code defaults} for what is left out. */
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

    /** Leaves the stop sequences out: they are the caller's text. */
    @Override
    public String toString() {
        return "Sampling[temperature=" + temperature + ", topP=" + topP + ", topK=" + topK + ", seed=" + seed
                + ", stop=" + stop.size() + " sequences]";
    }
}
