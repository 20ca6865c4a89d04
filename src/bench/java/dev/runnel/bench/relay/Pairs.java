package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.util.function.DoubleSupplier;

/** One thing measured with and without another, in pairs of which every other one is turned round. */
final class Pairs {

    private Pairs() {}

    /**
     * Measures them.
     *
     * @param format of the two values
     */
    static Row of(String figure, String format, int pairs, DoubleSupplier with, DoubleSupplier without) {
        Samples all = new Samples();
        Samples allWithout = new Samples();
        Samples ratio = new Samples();
        for (int pair = 0; pair < pairs; pair++) {
            boolean withFirst = pair % 2 == 0;
            double first = (withFirst ? with : without).getAsDouble();
            double second = (withFirst ? without : with).getAsDouble();
            all.add(withFirst ? first : second);
            allWithout.add(withFirst ? second : first);
            ratio.add(withFirst ? first / second : second / first);
        }
        return new Row(
                figure,
                Row.NONE,
                all.show(format) + " against " + allWithout.show(format),
                ratio.show("%.3f ×") + " of itself");
    }
}
