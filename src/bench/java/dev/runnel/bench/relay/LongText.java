package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.util.List;

/**
 * What long texts cost: an event with much text in it or before it, against one of a short text. Both have as many
 * events.
 */
public final class LongText implements Figure {

    private static final int STREAMS = 20;
    private static final int INTERVAL_MICROS = 2_000;
    private static final int LONG = 4_096;
    private static final int SHORT = 256;

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        int streams = effort.streams(STREAMS);
        Load longTexts = Load.of(streams, LONG, INTERVAL_MICROS);
        Load shortTexts = Load.of(streams, SHORT, INTERVAL_MICROS).withTotal(streams * LONG / SHORT);
        Turns.runnelAlone(rig, shortTexts);
        return List.of(
                row("whole text", rig, shortTexts, longTexts, effort),
                row("`includeText: false`", rig, shortTexts.withoutText(), longTexts.withoutText(), effort));
    }

    private static Row row(String what, Rig rig, Load shortTexts, Load longTexts, Effort effort) {
        Samples shortCost = new Samples();
        Samples longCost = new Samples();
        Samples ratio = new Samples();
        for (int round = 0; round < effort.rounds(); round++) {
            double before = Turns.runnelAlone(rig, shortTexts).cpuMicrosPerEvent();
            double after = Turns.runnelAlone(rig, longTexts).cpuMicrosPerEvent();
            shortCost.add(before);
            longCost.add(after);
            ratio.add(after / before);
        }
        return new Row(
                "CPU per event, 4,096 tokens against 256 (" + what + "), µs",
                Row.NONE,
                longCost.show("%.1f") + " against " + shortCost.show("%.1f"),
                ratio.show("%.2f ×") + " of itself");
    }
}
