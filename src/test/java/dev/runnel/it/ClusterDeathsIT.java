package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients read from three nodes, one of which is killed and replaced again and again. {@code
 * -Drunnel.deaths=20} says how often; {@code -Plong} sets it. {@code -Drunnel.seed=1} chooses the nodes.
 */
@EnabledIfSystemProperty(named = "runnel.deaths", matches = "\\d+", disabledReason = "some minutes: mvn verify -Plong")
class ClusterDeathsIT {

    private static final int DEATHS = Integer.getInteger("runnel.deaths", 20);
    private static final int CLIENTS = Integer.getInteger("runnel.clients", 100);
    private static final long SEED = Long.getLong("runnel.seed", 1);
    /** 20 ms each. */
    private static final int TOKENS = 250;

    /** Each node lists all that started before it, the dead ones too: half of them would be too many. */
    private static final Map<String, String> ANY_MEMBERS = Map.of("RUNNEL_CLUSTER_MINIMUM_MEMBERS", "1");

    private static final Pattern ID = Pattern.compile("gen_[0-9A-Z]+");
    private static final Duration ALL_ENDS = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<ClusterNodes.Node> living = new CopyOnWriteArrayList<>();
    private final List<ClusterNodes.Node> dead = new ArrayList<>();
    private final Random random = new Random(SEED);
    private final CountDownLatch stop = new CountDownLatch(1);

    @Test
    void textsOutliveTheDeathOfAnyNode() throws Exception {
        var counts = new ClusterReader.Counts();
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            for (int i = 0; i < 3; i++) {
                living.add(nodes.start("first" + i, ANY_MEMBERS));
            }
            awaitAllMembers();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            ClusterReader.Expected expected = expected();
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(new ClusterReader(() -> List.copyOf(living), expected, counts, stop, SEED * 1000 + i));
            }

            for (int death = 1; death <= DEATHS; death++) {
                killOne();
                living.add(nodes.start("next" + death, ANY_MEMBERS));
                awaitAllMembers();
                System.out.printf("death %d of %d: %s%n", death, DEATHS, new TreeMap<>(counts.outcomes));
            }
            stop.countDown();
            clients.shutdown();
            assertThat(clients.awaitTermination(ALL_ENDS.toSeconds(), TimeUnit.SECONDS))
                    .as("every text ends")
                    .isTrue();

            assertNothingIsLeft(expected.key());
            assertEndedOnce(counts);
        }
        System.out.println(new TreeMap<>(counts.outcomes));
        assertThat(counts.problems).isEmpty();
        assertThat(counts.outcomes.keySet()).doesNotContain("given up", "diverged", "failed: lost");
    }

    private ClusterReader.Expected expected() {
        ClusterNodes.Node node = living.get(0);
        Map<String, String> environment = ClusterNodes.environment(node.config().getParent());
        String key = RunningService.keys(node.config(), environment, "many", "tester")
                .get(0);
        try (HttpWire wire = node.wire()) {
            String answer = wire.post("/v1/generate", key, "{\"prompt\":\"x\",\"maxTokens\":" + TOKENS + "}")
                    .answer()
                    .body();
            return new ClusterReader.Expected(key, new JsonObject(answer).getString("text"), TOKENS);
        }
    }

    private void killOne() throws Exception {
        ClusterNodes.Node node = living.remove(random.nextInt(living.size()));
        dead.add(node);
        node.process().signal("KILL");
    }

    private void awaitAllMembers() {
        ClusterNodes.awaitMembers(3, living.toArray(ClusterNodes.Node[]::new));
    }

    private void assertNothingIsLeft(String key) {
        await().atMost(ALL_ENDS).untilAsserted(() -> {
            for (ClusterNodes.Node node : living) {
                assertThat(node.metrics().lines())
                        .filteredOn(
                                line -> line.matches("runnel_(generations_running|queue_depth|limit_generations)\\b.*"))
                        .isNotEmpty()
                        .allMatch(line -> line.endsWith(" 0.0"), "is 0");
            }
            try (HttpWire wire = living.get(0).wire()) {
                String usage =
                        wire.get("/v1/usage", HttpWire.bearer(key)).answer().body();
                assertThat(new JsonObject(usage).getJsonObject("generations").getInteger("running"))
                        .isZero();
            }
        });
    }

    /**
     * Each node logs a line for each record on {@code runnel.ended} that it publishes. A node that is killed may take
     * lines with it.
     */
    private void assertEndedOnce(ClusterReader.Counts counts) {
        Map<String, Long> ended = Stream.concat(living.stream(), dead.stream())
                .flatMap(node -> node.process().err().lines())
                .filter(line -> line.contains("ended"))
                .map(ClusterDeathsIT::id)
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        List<String> twice =
                counts.ids.stream().filter(id -> ended.getOrDefault(id, 0L) > 1).toList();
        List<String> never =
                counts.ids.stream().filter(id -> !ended.containsKey(id)).toList();
        System.out.printf("%d generations, %d without a line: %s%n", counts.ids.size(), never.size(), never);
        assertThat(twice).isEmpty();
        assertThat(never).hasSizeLessThanOrEqualTo(DEATHS);
    }

    private static String id(String line) {
        var matcher = ID.matcher(line);
        return matcher.find() ? matcher.group() : "none";
    }
}
