package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Many {@link ClusterReader}s of a cluster in which something fails again and again, and what holds after that. */
final class ClusterClients implements AutoCloseable {

    /** 20 ms each. */
    private static final int TOKENS = 250;

    private static final Pattern ID = Pattern.compile("gen_[0-9A-Z]+");
    private static final Duration ALL_ENDS = Duration.ofMinutes(2);
    private static final String LEFT_OVER = "runnel_(generations_running|queue_depth|limit_generations|resume_claims"
            + "|resume_generations|streams_open|cluster_copies|cluster_underway_messages|cluster_steps_waiting)\\b.*";

    /** The nodes that clients choose from. */
    final List<ClusterNodes.Node> nodes = new CopyOnWriteArrayList<>();

    final ClusterReader.Counts counts = new ClusterReader.Counts();
    private final int count;
    private final ExecutorService threads;
    private final CountDownLatch stop = new CountDownLatch(1);
    /** Of nodes that were killed, by outcome. */
    private final Map<String, Double> continuations = new TreeMap<>();

    private String key = "";

    ClusterClients(int count) {
        this.count = count;
        this.threads = Executors.newFixedThreadPool(count);
    }

    /** Starts them. {@link #nodes} has some. */
    void start(long seed) {
        ClusterReader.Expected expected = expected();
        key = expected.key();
        for (int i = 0; i < count; i++) {
            threads.execute(new ClusterReader(() -> List.copyOf(nodes), expected, counts, stop, seed * 1000 + i));
        }
    }

    private ClusterReader.Expected expected() {
        ClusterNodes.Node node = nodes.get(0);
        Map<String, String> environment = ClusterNodes.environment(node.config().getParent());
        String many = RunningService.keys(node.config(), environment, "many", "tester")
                .get(0);
        try (HttpWire wire = node.wire()) {
            String answer = wire.post("/v1/generate", many, "{\"prompt\":\"x\",\"maxTokens\":" + TOKENS + "}")
                    .answer()
                    .body();
            return new ClusterReader.Expected(many, new JsonObject(answer).getString("text"), TOKENS);
        }
    }

    /** Waits until so many further texts were accepted. */
    void awaitTexts(int further) {
        int before = counts.ids.size();
        await().atMost(ALL_ENDS).until(() -> counts.ids.size() >= before + further);
    }

    void show(String what) {
        System.out.printf("%s: %d texts, %s%n", what, counts.ids.size(), new TreeMap<>(counts.outcomes));
    }

    /** Adds up what became of generations whose generator was gone, as a node counts it. Of each node once. */
    void countContinuations(ClusterNodes.Node node) {
        for (String outcome : List.of("continued", "returned", "lost", "cancelled")) {
            String name = "runnel_cluster_continuations_total{outcome=\"" + outcome + '"';
            continuations.merge(outcome, ClusterStreams.sum(node, name), Double::sum);
        }
    }

    /** No further text is requested; waits until each one has ended. */
    void stop() throws InterruptedException {
        stop.countDown();
        threads.shutdown();
        boolean haveEnded = threads.awaitTermination(ALL_ENDS.toSeconds(), TimeUnit.SECONDS);
        counts.histories.forEach(System.out::println);
        nodes.forEach(this::countContinuations);
        show("at the end");
        System.out.println("continuations: " + continuations);
        assertThat(haveEnded)
                .as(
                        "every text ends: %s",
                        counts.open.stream().map(Supplier::get).toList())
                .isTrue();
        assertThat(counts.problems).isEmpty();
        assertThat(counts.outcomes.keySet())
                .doesNotContain("given up", "diverged")
                .filteredOn(outcome -> outcome.startsWith("failed: "))
                .as("failures other than those of plain texts in a part that is too small")
                .isSubsetOf("failed: cluster");
    }

    /** Texts are kept for a minute after their ends. */
    void assertNothingIsLeft() {
        await().atMost(ALL_ENDS).untilAsserted(() -> {
            for (ClusterNodes.Node node : nodes) {
                assertThat(node.metrics().lines())
                        .filteredOn(line -> line.matches(LEFT_OVER))
                        .isNotEmpty()
                        .allMatch(line -> line.endsWith(" 0.0"), "is 0");
            }
            try (HttpWire wire = nodes.get(0).wire()) {
                String usage =
                        wire.get("/v1/usage", HttpWire.bearer(key)).answer().body();
                assertThat(new JsonObject(usage).getJsonObject("generations").getInteger("running"))
                        .isZero();
            }
        });
    }

    /**
     * Each node logs a line for each record on {@code runnel.ended} that it publishes.
     *
     * @param all nodes that there were
     * @param missing how many lines may be missing: a node that is killed may take lines with it
     */
    void assertEndedOnce(Collection<ClusterNodes.Node> all, int missing) {
        await().atMost(ALL_ENDS).untilAsserted(() -> {
            Map<String, Long> ended = ended(all);
            assertThat(counts.ids.stream().filter(id -> !ended.containsKey(id)))
                    .as("generations without a record")
                    .hasSizeLessThanOrEqualTo(missing);
        });
        Map<String, Long> ended = ended(all);
        long without = counts.ids.stream().filter(id -> !ended.containsKey(id)).count();
        List<String> twice =
                counts.ids.stream().filter(id -> ended.getOrDefault(id, 0L) > 1).toList();
        System.out.printf(
                "%d generations, %d without a record, %d with two%n", counts.ids.size(), without, twice.size());
        assertThat(twice).as("generations with two records").isEmpty();
    }

    private static Map<String, Long> ended(Collection<ClusterNodes.Node> all) {
        return all.stream()
                .flatMap(node -> node.process().err().lines())
                .filter(line -> line.contains("ended"))
                .map(ClusterClients::id)
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    private static String id(String line) {
        var matcher = ID.matcher(line);
        return matcher.find() ? matcher.group() : "none";
    }

    @Override
    public void close() {
        stop.countDown();
        threads.shutdownNow();
    }
}
