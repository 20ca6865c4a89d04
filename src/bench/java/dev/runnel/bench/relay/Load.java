package dev.runnel.bench.relay;

/**
 * What a reader is to do: keep so many streams open until so many have ended.
 *
 * @param port of the server on this machine
 * @param runnel whether it speaks Runnel's format, else OpenAI's
 * @param key for the {@code Authorization} header; empty for none
 * @param streams how many at once
 * @param total how many altogether
 * @param tokens how many each
 * @param intervalMicros between two tokens of a stream
 * @param includeText whether Runnel's events carry the whole text
 * @param gzip whether compression is asked for
 * @param leaveAfter after so many tokens the reader closes the connection; 0 is never
 * @param rampMillis over how long the first streams are started
 * @param paced whether tokens have no time in them: their ages are counted from when they were due
 */
record Load(
        int port,
        boolean runnel,
        String key,
        int streams,
        int total,
        int tokens,
        int intervalMicros,
        boolean includeText,
        boolean gzip,
        int leaveAfter,
        int rampMillis,
        boolean paced) {

    private static final int SECOND = 1000;

    /** So many streams, each once, started within a second. */
    static Load of(int streams, int tokens, int intervalMicros) {
        return new Load(0, false, "", streams, streams, tokens, intervalMicros, true, false, 0, SECOND, false);
    }

    Load at(int port, boolean runnel, String key) {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                tokens,
                intervalMicros,
                includeText,
                gzip,
                leaveAfter,
                rampMillis,
                paced);
    }

    Load withTotal(int total) {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                tokens,
                intervalMicros,
                includeText,
                gzip,
                leaveAfter,
                rampMillis,
                paced);
    }

    Load withoutText() {
        return new Load(
                port, runnel, key, streams, total, tokens, intervalMicros, false, gzip, leaveAfter, rampMillis, paced);
    }

    Load compressed() {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                tokens,
                intervalMicros,
                includeText,
                true,
                leaveAfter,
                rampMillis,
                paced);
    }

    Load leavingAfter(int tokens) {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                this.tokens,
                intervalMicros,
                includeText,
                gzip,
                tokens,
                rampMillis,
                paced);
    }

    Load rampedOver(int millis) {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                tokens,
                intervalMicros,
                includeText,
                gzip,
                leaveAfter,
                millis,
                paced);
    }

    /** The tokens come at their interval, from an engine that does not write the time into them. */
    Load withPace() {
        return new Load(
                port,
                runnel,
                key,
                streams,
                total,
                tokens,
                intervalMicros,
                includeText,
                gzip,
                leaveAfter,
                rampMillis,
                true);
    }

    /** How long it takes at least. */
    int leastMillis() {
        int each = leaveAfter > 0 ? leaveAfter : tokens;
        return rampMillis + (total + streams - 1) / streams * each * (intervalMicros / 10) / 100;
    }
}
