package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of open streams. One for all verticle instances; any thread. */
public final class StreamMeters {

    /** Why a stream was closed. */
    public enum Cause {
        /** The generation ended with a finish reason, and the end was sent to the client. */
        FINISHED,
        /** The client got an error event, or its connection was closed because an event could not be written. */
        FAILED,
        /** The client closed the connection. */
        CLIENT_GONE,
        /** The client read nothing for the stall time and was disconnected. */
        STALLED,
        /** The client was disconnected, because an event that it had not accepted did not fit into memory.heldBytes. */
        MEMORY
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
                .description("Open streams whose client reads more slowly than text is generated")
                .register(registry);
        Gauge.builder("runnel.streams.compressed", compressed, AtomicInteger::get)
                .description("Open streams that are compressed")
                .register(registry);
        uncompressed = Counter.builder("runnel.streams.uncompressed")
                .description("Streams that were sent uncompressed, although the client accepts compression, because"
                        + " http.compressedStreams was reached")
                .register(registry);
        folded = Counter.builder("runnel.deltas.folded")
                .description("Deltas that were sent in one event with an earlier one because the client reads slowly")
                .register(registry);
        closed = new Labelled<>(
                EnumSet.allOf(Cause.class),
                cause -> Counter.builder("runnel.stream.closed")
                        .description("Streams that were closed")
                        .tag("cause", cause)
                        .register(registry));
    }

    /** A stream's headers were sent. */
    public void opened() {
        open.incrementAndGet();
    }

    /** A stream that was {@link #opened} was closed. */
    public void closed(Cause cause) {
        open.decrementAndGet();
        closed.of(cause).increment();
    }

    /** A stream's socket is full. */
    public void fellBehind() {
        stalled.incrementAndGet();
    }

    /** Its socket has room again, or the stream was closed. */
    public void caughtUp() {
        stalled.decrementAndGet();
    }

    /** A compressed stream was opened. */
    public void compressed() {
        compressed.incrementAndGet();
    }

    /** A stream that was {@link #compressed} was closed. */
    public void compressionEnded() {
        compressed.decrementAndGet();
    }

    /** A client asked for compression and did not get it, because too many streams are compressed. */
    public void leftUncompressed() {
        uncompressed.increment();
    }

    /**
     * Deltas were folded into the event of another one.
     *
     * @param deltas how many got no event of their own, 1 or more
     */
    public void folded(int deltas) {
        folded.increment(deltas);
    }
}
