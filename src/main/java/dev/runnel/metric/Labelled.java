package dev.runnel.metric;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One meter for each word that a label may have. All are there from the start, so that the first event of each is seen. */
final class Labelled<M> {

    private final Map<Enum<?>, M> meters = new HashMap<>();

    /** @param meter makes the one of a label's value */
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

    /** A word as a label shows it. */
    static String value(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
