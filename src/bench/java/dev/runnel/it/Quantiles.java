package dev.runnel.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measurements of one thing, in seconds. */
final class Quantiles {

    private final List<Double> values = new ArrayList<>();

    void add(double seconds) {
        values.add(seconds);
    }

    /** {@code | what | number | p50 | p99 | longest |}, as a row of a table. */
    void print(String what) {
        System.out.printf(Locale.ROOT, "| %s | %d | %s | %s | %s |%n", what, values.size(), at(0.5), at(0.99), at(1));
    }

    /** The value that this part of all does not exceed; a dash without values. */
    private String at(double part) {
        List<Double> sorted = values.stream().sorted().toList();
        int place = (int) Math.ceil(part * sorted.size()) - 1;
        return sorted.isEmpty() ? "–" : String.format(Locale.ROOT, "%.3f", sorted.get(Math.max(0, place)));
    }
}
