package dev.runnel.metric;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One meter for each value of a label. All are registered from the start, so that a rate shows the first event of each
 * value.
 */
final class Labelled<M> {

    private final Map<Enum<?>, M> meters = new HashMap<>();

    /** @param meter makes the meter of a label's value */
    Labelled(Set<? extends Enum<?>> words, Function<String, M> meter) {
        words.forEach(word -> meters.put(word, meter.apply(value(word))));
    }

    M of(Enum<?> word) {
        M meter = meters.get(word);
        if (meter == null) {
            throw new IllegalArgumentException(word + " (expected: one of " + meters.keySet() + ")");
        }
        return meter;
    }

    /** The value of a label: the constant's name in lower case. */
    static String value(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
