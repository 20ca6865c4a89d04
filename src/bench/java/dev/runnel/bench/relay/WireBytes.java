package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.util.List;

/** How much shorter a stream of 2,048 tokens is on the wire with gzip. */
public final class WireBytes implements Figure {

    private static final int STREAMS = 10;
    private static final int TOKENS = 2_048;
    private static final int INTERVAL_MICROS = 2_000;

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = Load.of(effort.streams(STREAMS), TOKENS, INTERVAL_MICROS);
        Samples plain = new Samples();
        Samples packed = new Samples();
        plain.add(bytesPerStream(Turns.runnelAlone(rig, load)));
        packed.add(bytesPerStream(Turns.runnelAlone(rig, load.compressed())));
        Samples times = new Samples();
        times.add(plain.median() / packed.median());
        return List.of(new Row(
                "bytes on the wire, a stream of 2,048 tokens, gzip against none, KB",
                Row.NONE,
                packed.show("%.0f") + " against " + plain.show("%.0f"),
                times.show("1/%.0f") + " of itself"));
    }

    private static double bytesPerStream(Measured measured) {
        return measured.reading().bytes() / 1e3 / measured.reading().streams();
    }
}
