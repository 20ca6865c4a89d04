package dev.runnel.http;

import dev.runnel.metric.StreamMeters;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What all streams of one process have in common.
 *
 * @param heartbeat how long a stream may be silent; zero is for ever
 * @param stall how long a client may take nothing of what is sent
 * @param nanoTime a clock that only goes forward, in nanoseconds
 */
record StreamSettings(
        Duration heartbeat, Duration stall, StreamMeters meters, Compressors compressors, LongSupplier nanoTime) {}
