package dev.runnel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measurements of one thing. */
public final class Samples {

    private final List<Double> values = new ArrayList<>();

    /** Takes one. */
    public void add(double value) {
        values.add(value);
    }

    /** The one in the middle, of one or more. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** What this share of one or more values does not exceed; 0.99 is what 99 of 100 do not. */
    public double quantile(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    /** How many there are. */
    public int count() {
        return values.size();
    }

    /** {@code median (least … most)}; the median alone where there is one value, a dash without one. */
    public String show(String format) {
        if (values.isEmpty()) {
            return "–";
        }
        if (values.size() == 1) {
            return String.format(Locale.ROOT, format, median());
        }
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " … " + format + ")",
                median(),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
