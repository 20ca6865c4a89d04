package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

/** What there is to count about open streams. One for all verticle instances; any thread. */
public final class StreamMeters {

    /** Why a stream came to its end. */
    public enum Cause {
        /** The generation ended as it should, and the client was told. */
        FINISHED,
        /** The client got an error event, or was cut off since an event could not be written. */
        FAILED,
        /** The client closed the connection. */
        CLIENT_GONE,
        /** The client took nothing for the stall time and was disconnected. */
        STALLED
    }

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger stalled = new AtomicInteger();
    private final AtomicInteger compressed = new AtomicInteger();
    private final Counter uncompressed;
    private final Counter folded;
    private final Labelled<Counter> closed;

    public StreamMeters(MeterRegistry registry) {
        Gauge.builder("runnel.streams.open", open, AtomicInteger::get)
                .description("Streams that are open")
                .register(registry);
        Gauge.builder("runnel.streams.stalled", stalled, AtomicInteger::get)
                .description("Open streams whose client does not take what is sent as fast as it comes")
                .register(registry);
        Gauge.builder("runnel.streams.compressed", compressed, AtomicInteger::get)
                .description("Open streams that are compressed")
                .register(registry);
        uncompressed = Counter.builder("runnel.streams.uncompressed")
                .description("Streams that were sent as they are although their clients asked for less,"
                        + " as too many were compressed already")
                .register(registry);
        folded = Counter.builder("runnel.deltas.folded")
                .description("Deltas that were sent together with an earlier one as the client was behind")
                .register(registry);
        closed = new Labelled<>(
                EnumSet.allOf(Cause.class),
                cause -> Counter.builder("runnel.stream.closed")
                        .description("Streams that were closed")
                        .tag("cause", cause)
                        .register(registry));
    }

    /** A stream's headers went out. */
    public void opened() {
        open.incrementAndGet();
    }

    /** A stream that was {@link #opened} is over. */
    public void closed(Cause cause) {
        open.decrementAndGet();
        closed.of(cause).increment();
    }

    /** A stream's socket is full. */
    public void fellBehind() {
        stalled.incrementAndGet();
    }

    /** It is not any more, or the stream is over. */
    public void caughtUp() {
        stalled.decrementAndGet();
    }

    /** A stream goes out compressed. */
    public void compressed() {
        compressed.incrementAndGet();
    }

    /** A stream that was {@link #compressed} is over. */
    public void compressionEnded() {
        compressed.decrementAndGet();
    }

    /** A client asked for compression and does not get it, since too many do. */
    public void leftUncompressed() {
        uncompressed.increment();
    }

    /** How many deltas did not get an event of their own, 1 or more. */
    public void folded(int deltas) {
        folded.increment(deltas);
    }
}
