package dev.runnel.bench.relay;

/**
 * One load at one server.
 *
 * @param cpuMicros what the server's process used meanwhile
 */
record Measured(Reading reading, long cpuMicros) {

    double cpuMicrosPerEvent() {
        return (double) cpuMicros / reading.events();
    }
}
