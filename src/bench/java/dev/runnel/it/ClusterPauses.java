package dev.runnel.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pauses of streams whose generator's node is killed or frozen. Their clients are at another node. Half of the
 * streams have 50 tokens then, the others 1,500.
 */
final class ClusterPauses {

    private static final int FEW_TOKENS = 50;
    private static final int MANY_TOKENS = 1_500;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Map<String, String> ANY_MEMBERS = Map.of("RUNNEL_CLUSTER_MINIMUM_MEMBERS", "1");
    private static final String CONTINUED = "runnel_cluster_continuations_total{outcome=\"continued\"";

    private final Path folder;
    private final boolean isFrozen;
    private final Map<Integer, Quantiles> pauses = new TreeMap<>();
    private final Quantiles detection = new Quantiles();
    private final Quantiles queueing = new Quantiles();
    private final Quantiles computing = new Quantiles();
    private final Quantiles rest = new Quantiles();
    private int lost;

    ClusterPauses(Path folder, boolean isFrozen) {
        this.folder = folder;
        this.isFrozen = isFrozen;
    }

    /** The sums of what two nodes have measured of their own generators. */
    private record Measured(double starts, double queueSeconds, double firstTokenSeconds) {

        static Measured of(List<ClusterNodes.Node> nodes) {
            return new Measured(
                    sum(nodes, "gen_ai_server_time_to_first_token_seconds_count"),
                    sum(nodes, "runnel_queue_seconds_sum"),
                    sum(nodes, "gen_ai_server_time_to_first_token_seconds_sum"));
        }

        private static double sum(List<ClusterNodes.Node> nodes, String start) {
            return nodes.stream()
                    .mapToDouble(node -> ClusterStreams.sum(node, start))
                    .sum();
        }
    }

    /** Returns whether no stream was lost. */
    boolean run(int deaths, int streams) throws IOException {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            List<ClusterNodes.Node> others =
                    List.of(nodes.start("first", ANY_MEMBERS), nodes.start("second", ANY_MEMBERS));
            ClusterNodes.Node third = nodes.start("third", ANY_MEMBERS);
            String key = ClusterStreams.key(others.get(0));
            for (int death = 1; death <= deaths; death++) {
                awaitAll(others, third);
                ClusterStreams.awaitPlaces(others.get(0), third, key);
                death(others, third, key, streams);
                if (isFrozen) {
                    third.process().signal("CONT");
                } else {
                    third = nodes.start("next" + death, ANY_MEMBERS);
                }
                System.out.printf("death %d of %d%n", death, deaths);
            }
        }
        print(deaths);
        return lost == 0;
    }

    private static void awaitAll(List<ClusterNodes.Node> others, ClusterNodes.Node third) {
        ClusterNodes.Node[] all = {others.get(0), others.get(1), third};
        ClusterNodes.awaitMembers(3, all);
        for (ClusterNodes.Node node : all) {
            await().atMost(LONG).until(() -> ClusterStreams.sum(node, "runnel_generations_running{") == 0);
        }
    }

    private void death(List<ClusterNodes.Node> others, ClusterNodes.Node third, String key, int streams)
            throws IOException {
        List<PausedStream> open = new ArrayList<>();
        try {
            open(open, others.get(0), key, streams / 2, MANY_TOKENS);
            await().atMost(LONG).until(() -> open.stream().allMatch(PausedStream::isReady));
            open(open, others.get(0), key, streams / 2, FEW_TOKENS);
            await().atMost(LONG).until(() -> open.stream().allMatch(PausedStream::isReady));
            int dying = (int) ClusterStreams.sum(third, "runnel_generations_running{");
            Measured before = Measured.of(others);
            double continued = ClusterStreams.sum(others.get(0), CONTINUED);
            long lines = goneLines(others.get(0)).size();

            Instant death = Instant.now();
            third.process().signal(isFrozen ? "STOP" : "KILL");
            open.forEach(PausedStream::watch);
            await().atMost(LONG)
                    .until(() -> ClusterStreams.sum(others.get(0), CONTINUED) - continued >= dying
                            || open.stream().anyMatch(PausedStream::hasEnded));

            lost += (int) open.stream().filter(PausedStream::hasEnded).count();
            count(open, dying, Measured.of(others), before, detected(others.get(0), lines, death));
        } finally {
            open.forEach(PausedStream::close);
        }
    }

    private static void open(List<PausedStream> open, ClusterNodes.Node node, String key, int count, int tokens)
            throws IOException {
        for (int i = 0; i < count; i++) {
            open.add(new PausedStream(node, key, tokens));
        }
    }

    private List<String> goneLines(ClusterNodes.Node node) {
        String words = isFrozen ? "was not heard for" : "has left the cluster";
        return node.process().err().lines().filter(line -> line.contains(words)).toList();
    }

    /** Seconds from the death to the line of the log of the clients' node that says so. */
    private double detected(ClusterNodes.Node node, long linesBefore, Instant death) {
        String line = goneLines(node).get((int) linesBefore);
        Instant logged = Instant.parse(line.substring(0, line.indexOf(' ')));
        return Duration.between(death, logged).toMillis() / 1e3;
    }

    /** The longest pauses are those of the generations that ran on the node that died. */
    private void count(List<PausedStream> open, int dying, Measured after, Measured before, double detected) {
        List<PausedStream> paused = open.stream()
                .sorted(Comparator.comparingDouble(PausedStream::longestSeconds).reversed())
                .limit(dying)
                .toList();
        paused.forEach(stream -> pauses.computeIfAbsent(stream.tokensBefore(), first -> new Quantiles())
                .add(stream.longestSeconds()));
        double mean = paused.stream()
                .mapToDouble(PausedStream::longestSeconds)
                .average()
                .orElse(0);
        double starts = after.starts() - before.starts();
        double queued = (after.queueSeconds() - before.queueSeconds()) / starts;
        double first = (after.firstTokenSeconds() - before.firstTokenSeconds()) / starts;
        detection.add(detected);
        queueing.add(queued);
        computing.add(first - queued);
        rest.add(mean - detected - first);
        System.out.printf(
                Locale.ROOT,
                "%d of %d streams paused, %.0f first tokens; mean pause %.3f s; the longest of another stream %.3f s%n",
                dying,
                open.size(),
                starts,
                mean,
                open.stream()
                        .filter(stream -> !paused.contains(stream))
                        .mapToDouble(PausedStream::longestSeconds)
                        .max()
                        .orElse(0));
    }

    private void print(int deaths) {
        System.out.printf("%n%d deaths by %s, %d streams lost%n%n", deaths, isFrozen ? "SIGSTOP" : "kill -9", lost);
        System.out.println("| seconds | number | p50 | p99 | longest |\n|---|---|---|---|---|");
        pauses.forEach((tokens, each) -> each.print("pause of a stream with " + tokens + " tokens"));
        detection.print("of it, until its node is known to be dead");
        rest.print("wait for its turn, and the search for a generator (mean of a death)");
        queueing.print("wait in the queue of the model (mean of a death)");
        computing.print("start, until the first token (mean of a death)");
    }
}
