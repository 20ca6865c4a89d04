package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.util.List;

/** What an event costs with metrics and without. Every other pair is turned round. */
public final class MetricsCost implements Figure {

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = Load.of(effort.streams(WarmLoad.STREAMS), WarmLoad.TOKENS, WarmLoad.INTERVAL_MICROS);
        Samples with = new Samples();
        Samples without = new Samples();
        Samples ratio = new Samples();
        try (Service metered = rig.service(true);
                Service unmetered = rig.service(false)) {
            rig.run(metered, load);
            rig.run(unmetered, load);
            for (int round = 0; round < effort.rounds(); round++) {
                boolean meteredFirst = round % 2 == 0;
                double first = cost(rig, meteredFirst ? metered : unmetered, load);
                double second = cost(rig, meteredFirst ? unmetered : metered, load);
                with.add(meteredFirst ? first : second);
                without.add(meteredFirst ? second : first);
                ratio.add(meteredFirst ? first / second : second / first);
            }
        }
        return List.of(new Row(
                "CPU per event, with metrics against without, µs",
                Row.NONE,
                with.show("%.1f") + " against " + without.show("%.1f"),
                ratio.show("%.3f ×") + " of itself"));
    }

    private static double cost(Rig rig, Service service, Load load) {
        return rig.run(service, load).cpuMicrosPerEvent();
    }
}
