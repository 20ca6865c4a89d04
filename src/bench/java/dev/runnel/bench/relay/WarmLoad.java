package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What an event costs and how old it is when it arrives, once everything is warm. */
public final class WarmLoad implements Figure {

    private static final int STREAMS = 500;
    static final int TOKENS = 200;
    static final int INTERVAL_MICROS = 20_000;

    static Load load(Effort effort) {
        return Load.of(effort.streams(STREAMS), TOKENS, INTERVAL_MICROS);
    }

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = load(effort);
        Turns.of(rig, load, 1);
        double before = allocatedBytes(rig);
        Turns turns = Turns.of(rig, load, effort.rounds());
        Samples allocated = new Samples();
        allocated.add((allocatedBytes(rig) - before) / turns.events());
        return List.of(
                turns.ratio("CPU per event, warm, µs", "%.1f", Measured::cpuMicrosPerEvent),
                turns.difference(
                        "age of events p50, warm, ms",
                        "%.2f",
                        one -> one.reading().age("p50") / 1e3),
                turns.difference(
                        "age of events p99, warm, ms",
                        "%.2f",
                        one -> one.reading().age("p99") / 1e3),
                new Row("heap allocated per event, warm, bytes", Row.NONE, allocated.show("%.0f"), Row.NONE));
    }

    private static double allocatedBytes(Rig rig) {
        try {
            return rig.service().allocatedBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
