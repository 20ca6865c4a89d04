package dev.runnel.docs;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Maps values to places from 0 to 1.
 *
 * @param ticks the marked values: the first is at 0 and the last at 1
 */
record ChartAxis(List<Double> ticks, boolean isLogarithmic) {

    private static final int MAX_STEPS = 8;

    /** From zero to the next round value above the largest, or over whole powers of ten. */
    static ChartAxis of(Chart chart) {
        return chart.scale() == Chart.Scale.LINEAR
                ? linear(chart.largest())
                : logarithmic(chart.smallest(), chart.largest());
    }

    private static ChartAxis linear(double largest) {
        double power = Math.pow(10, Math.floor(Math.log10(largest)) - 1);
        double step = IntStream.of(1, 2, 5, 10, 20, 50)
                .mapToDouble(factor -> factor * power)
                .filter(each -> largest / each <= MAX_STEPS)
                .findFirst()
                .orElseThrow();
        int steps = (int) Math.ceil(largest / step);
        return new ChartAxis(
                IntStream.rangeClosed(0, steps).mapToObj(index -> index * step).toList(), false);
    }

    private static ChartAxis logarithmic(double smallest, double largest) {
        int from = (int) Math.floor(Math.log10(smallest));
        int to = (int) Math.ceil(Math.log10(largest));
        return new ChartAxis(
                IntStream.rangeClosed(from, to)
                        .mapToObj(power -> Math.pow(10, power))
                        .toList(),
                true);
    }

    double place(double value) {
        double first = scaled(ticks.get(0));
        return (scaled(value) - first) / (scaled(ticks.get(ticks.size() - 1)) - first);
    }

    private double scaled(double value) {
        return isLogarithmic ? Math.log10(value) : value;
    }
}
