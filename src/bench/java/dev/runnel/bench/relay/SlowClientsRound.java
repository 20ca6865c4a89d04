package dev.runnel.bench.relay;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Clients that read, alone or beside slow ones.
 *
 * @param own the share of the machine's processors that the processes of the measurement used, 0 … 1
 * @param others the share that all others used, the kernel's own work included
 * @param memory of the service at the start, in the middle and at the end
 * @param stalled how many streams the service closed because their client read nothing
 * @param slow what became of the slow clients; empty without them
 */
record SlowClientsRound(
        Reading reading,
        double own,
        double others,
        List<MemoryUse> memory,
        int stalled,
        Optional<SlowClientsReport> slow) {

    private static final double MICROS_PER_SECOND = 1e6;
    /** So many may be disconnected between the last look at the clients and at the service. */
    private static final int JUST_ENDED = 10;

    static final String HEAD = """
            | clients that read | events | age p50, ms | p99 | p99.9 | first token p99, ms | processors: own, others \
            | resident at start, middle, end, MiB | heap after a collection, likewise | slow clients |
            |---|---|---|---|---|---|---|---|---|---|""";

    /** The age of events of the clients that read, in milliseconds. */
    double ageMillis(String quantile) {
        return reading.age(quantile) / 1e3;
    }

    /** Whether each slow client was disconnected in time, and counted, and no other client. */
    boolean isEvictionRight(int clients, double leastSeconds, double mostSeconds) {
        return slow.map(report -> report.evicted() >= clients
                        && Math.abs(report.evicted() - stalled) <= JUST_ENDED
                        && seconds(report, "least") >= leastSeconds
                        && seconds(report, "most") <= mostSeconds)
                .orElse(stalled == 0);
    }

    private static double seconds(SlowClientsReport report, String which) {
        return report.evictionMicros().get(which) / MICROS_PER_SECOND;
    }

    /** A row of a table. */
    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.2f | %.2f | %.2f | %.1f | %.0f %%, %.0f %% | %s | %s | %s |",
                slow.isPresent() ? "beside slow clients" : "alone",
                reading.events(),
                ageMillis("p50"),
                ageMillis("p99"),
                ageMillis("p999"),
                reading.firstToken("p99") / 1e3,
                own * 100,
                others * 100,
                memory.stream()
                        .map(use -> Math.round(use.residentMebibytes()) + "")
                        .collect(Collectors.joining(", ")),
                memory.stream()
                        .map(use -> Double.isNaN(use.heap()) ? Row.NONE : Math.round(use.heapMebibytes()) + "")
                        .collect(Collectors.joining(", ")),
                slow.map(this::slowColumn).orElse("–"));
    }

    private String slowColumn(SlowClientsReport report) {
        return String.format(
                Locale.ROOT,
                "%d (counted: %d), after %.1f (%.1f … %.1f) s; senders: %s",
                report.evicted(),
                stalled,
                seconds(report, "p50"),
                seconds(report, "least"),
                seconds(report, "most"),
                report.senders());
    }
}
