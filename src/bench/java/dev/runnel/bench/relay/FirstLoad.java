package dev.runnel.bench.relay;

import java.util.List;

/** How old events are in the first load that a service gets after it is ready. */
public final class FirstLoad implements Figure {

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = WarmLoad.load(effort);
        Turns turns = new Turns();
        for (int round = 0; round < effort.rounds(); round++) {
            // First, so that the reader and the upstream are warm in any case.
            turns.yardstick(rig, load);
            rig.freshService();
            turns.runnel(rig, load);
        }
        return List.of(turns.difference(
                "age of events p99, first load after ready, ms",
                "%.2f",
                one -> one.reading().age("p99") / 1e3));
    }
}
