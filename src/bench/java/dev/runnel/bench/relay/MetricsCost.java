package dev.runnel.bench.relay;

import java.util.List;

/** What an event costs with metrics and without. */
public final class MetricsCost implements Figure {

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = WarmLoad.load(effort);
        try (Service metered = rig.service(true);
                Service unmetered = rig.service(false)) {
            rig.run(metered, load);
            rig.run(unmetered, load);
            return List.of(Pairs.of(
                    "CPU per event, with metrics against without, µs",
                    "%.1f",
                    effort.rounds(),
                    () -> rig.run(metered, load).cpuMicrosPerEvent(),
                    () -> rig.run(unmetered, load).cpuMicrosPerEvent()));
        }
    }
}
