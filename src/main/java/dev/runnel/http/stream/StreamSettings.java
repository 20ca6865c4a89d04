package dev.runnel.http.stream;

import dev.runnel.http.connection.Compressors;
import dev.runnel.metric.StreamMeters;
import dev.runnel.net.http1.EventBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What all streams of one verticle instance have in common.
 *
 * @param heartbeat how long a stream may be silent; zero is for ever
 * @param stall how long a client may take nothing of what is sent
 * @param nanoTime a clock that only goes forward, in nanoseconds
 * @param buffer where the event loop's events are put together
 * @param due those of the event loop that have something to send
 */
public record StreamSettings(
        Duration heartbeat,
        Duration stall,
        StreamMeters meters,
        Compressors compressors,
        LongSupplier nanoTime,
        EventBuffer buffer,
        FlushQueue due) {}
