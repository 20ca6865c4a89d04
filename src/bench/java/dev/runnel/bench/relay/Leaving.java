package dev.runnel.bench.relay;

import java.util.List;

/** How soon the upstream's connection is closed after the client left. */
public final class Leaving implements Figure {

    private static final int STREAMS = 100;
    private static final int TOTAL = 500;
    private static final int LEAVE_AFTER = 20;

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = Load.of(effort.streams(STREAMS), WarmLoad.TOKENS, WarmLoad.INTERVAL_MICROS)
                .withTotal(effort.streams(TOTAL))
                .leavingAfter(LEAVE_AFTER);
        Turns turns = Turns.of(rig, load, effort.rounds());
        return List.of(turns.difference(
                "upstream closed after the client left p99, ms",
                "%.2f",
                one -> one.reading().closing("p99") / 1e3));
    }
}
