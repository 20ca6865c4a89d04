package dev.runnel.bench.attack;

import dev.runnel.bench.relay.Load;
import dev.runnel.bench.relay.ReaderProcess;
import dev.runnel.bench.relay.Reading;
import dev.runnel.bench.relay.Service;

/** Clients that each read one stream after another. */
final class StreamReaders implements Others {

    private static final double MICROS_PER_MILLI = 1e3;
    private static final int INTERVAL_MICROS = 20_000;
    private static final int RAMP_MILLIS_EACH = 50;
    private static final int WARM_TOKENS = 100;
    private static final int WARM_STREAMS = 20;

    private final ReaderProcess reader = ReaderProcess.start();
    private final Load load;

    private StreamReaders(Load load) {
        this.load = load;
    }

    /**
     * @param clients how many at once
     * @param streams how many altogether
     * @param tokens of each stream, 50 a second
     */
    static StreamReaders of(int clients, int streams, int tokens) {
        return new StreamReaders(Load.of(clients, tokens, INTERVAL_MICROS)
                .withTotal(streams)
                .rampedOver(clients * RAMP_MILLIS_EACH)
                .withPace());
    }

    @Override
    public void warm(Service service) {
        reader.begin(service, Load.of(WARM_STREAMS, WARM_TOKENS, INTERVAL_MICROS));
        reader.read();
    }

    @Override
    public Figures measure(Service service) {
        reader.begin(service, load);
        Reading reading = reader.read();
        return new Figures(
                reading.streams(),
                reading.broken(),
                "first token",
                reading.firstToken("p50") / MICROS_PER_MILLI,
                reading.firstToken("p99") / MICROS_PER_MILLI,
                reading.age("p99") / MICROS_PER_MILLI);
    }

    @Override
    public void close() {
        reader.close();
    }
}
