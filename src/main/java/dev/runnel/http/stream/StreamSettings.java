package dev.runnel.http.stream;

import dev.runnel.http.connection.Compressors;
import dev.runnel.memory.HeldBytes;
import dev.runnel.metric.StreamMeters;
import dev.runnel.net.http1.EventBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What all streams of one verticle instance share.
 *
 * @param heartbeat how long a stream may be silent; zero means without a limit
 * @param stall how long a client may accept nothing of what is sent
 * @param nanoTime a clock that never goes back, in nanoseconds
 * @param buffer where the event loop's events are put together
 * @param flushes the event loop's writes that wait for the end of its turn
 * @param memory the account of the process
 */
public record StreamSettings(
        Duration heartbeat,
        Duration stall,
        StreamMeters meters,
        Compressors compressors,
        LongSupplier nanoTime,
        EventBuffer buffer,
        FlushQueue flushes,
        HeldBytes memory) {}
