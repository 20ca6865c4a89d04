package dev.runnel.bench.relay;

import java.util.List;

/** How long the first token takes from the beginning of the connection on, with few streams open. */
public final class FirstToken implements Figure {

    private static final int STREAMS = 20;
    /** Enough for a p99. */
    private static final int TOTAL = 600;

    private static final int TOKENS = 10;

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = Load.of(STREAMS, TOKENS, WarmLoad.INTERVAL_MICROS).withTotal(effort.streams(TOTAL));
        Turns.of(rig, load, 1);
        Turns turns = Turns.of(rig, load, effort.rounds());
        return List.of(row(turns, "p50"), row(turns, "p99"));
    }

    private static Row row(Turns turns, String quantile) {
        return turns.difference(
                "time to first token " + quantile + ", 20 streams, ms",
                "%.2f",
                one -> one.reading().firstToken(quantile) / 1e3);
    }
}
