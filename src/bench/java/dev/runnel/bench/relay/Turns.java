package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/** Measurements of the yardstick and of Runnel, one after the other in each round. */
final class Turns {

    private final List<Measured> yardstick = new ArrayList<>();
    private final List<Measured> runnel = new ArrayList<>();

    /** Runs a load at both, round by round. */
    static Turns of(Rig rig, Load load, int rounds) {
        Turns turns = new Turns();
        for (int round = 0; round < rounds; round++) {
            turns.yardstick(rig, load);
            turns.runnel(rig, load);
        }
        return turns;
    }

    /** Runs a load that nginx has no part in. */
    static Measured runnelAlone(Rig rig, Load load) {
        return rig.run(rig.service(), load);
    }

    void yardstick(Rig rig, Load load) {
        rig.yardstick().ifPresent(server -> yardstick.add(rig.run(server, load)));
    }

    void runnel(Rig rig, Load load) {
        runnel.add(runnelAlone(rig, load));
    }

    long events() {
        return runnel.stream().mapToLong(one -> one.reading().events()).sum();
    }

    Row ratio(String figure, String format, ToDoubleFunction<Measured> value) {
        return row(
                figure,
                format,
                value,
                compared(value, (nginx, service) -> service / nginx).show("%.2f ×"));
    }

    Row difference(String figure, String format, ToDoubleFunction<Measured> value) {
        return row(
                figure,
                format,
                value,
                compared(value, (nginx, service) -> service - nginx).show("%+.2f"));
    }

    private Row row(String figure, String format, ToDoubleFunction<Measured> value, String compared) {
        return new Row(
                figure,
                samples(yardstick, value).show(format),
                samples(runnel, value).show(format),
                compared);
    }

    private static Samples samples(List<Measured> all, ToDoubleFunction<Measured> value) {
        Samples samples = new Samples();
        all.forEach(one -> samples.add(value.applyAsDouble(one)));
        return samples;
    }

    private Samples compared(ToDoubleFunction<Measured> value, DoubleBinaryOperator comparison) {
        Samples samples = new Samples();
        for (int i = 0; i < yardstick.size(); i++) {
            samples.add(comparison.applyAsDouble(
                    value.applyAsDouble(yardstick.get(i)), value.applyAsDouble(runnel.get(i))));
        }
        return samples;
    }
}
