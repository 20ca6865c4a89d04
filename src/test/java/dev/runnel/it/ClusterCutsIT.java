package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients read from three nodes in network namespaces. The links of one to the others are cut and healed
 * again and again. {@code -Drunnel.cuts=10} says how often; {@code -Plong} sets it. {@code -Drunnel.seed=1} chooses the
 * nodes.
 */
@EnabledIfSystemProperty(named = "runnel.cuts", matches = "\\d+", disabledReason = "some minutes: mvn verify -Plong")
class ClusterCutsIT {

    private static final int CUTS = Integer.getInteger("runnel.cuts", 10);
    private static final int CLIENTS = Integer.getInteger("runnel.clients", 100);
    private static final long SEED = Long.getLong("runnel.seed", 1);
    private static final Duration IS_NOTICED = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void clientsGoOnAtTheLargerPartAndAllNodesReachEachOtherAfterwards() throws Exception {
        CutNetwork.needed();
        try (CutNetwork network = new CutNetwork(3);
                ClusterNodes nodes = new ClusterNodes(folder);
                ClusterClients clients = new ClusterClients(CLIENTS)) {
            List<ClusterNodes.Node> all = nodes.startTogether(network.hosts(), Map.of());
            awaitMembers(3, all);
            String key = ClusterStreams.key(all.get(0));
            assertAllReachAll(all, key);
            clients.nodes.addAll(all);
            clients.start(SEED);

            for (int cut = 1; cut <= CUTS; cut++) {
                clients.awaitTexts(CLIENTS / 2);
                int number = random.nextInt(all.size());
                boolean isLong = cut % 2 == 0;
                Map<ClusterNodes.Node, Long> before =
                        all.stream().collect(Collectors.toMap(node -> node, ClusterNodes.Node::removals));
                network.cutOff(number);
                smallerPartRefuses(all.get(number), key, clients);
                largerPartGoesOn(clients);
                if (isLong) {
                    await().atMost(IS_NOTICED)
                            .until(() -> all.stream().allMatch(node -> node.removals() > before.get(node)));
                }
                network.heal(number);
                awaitMembers(3, all);
                clients.nodes.add(all.get(number));
                clients.show("cut " + cut + " of " + CUTS + (isLong ? ", until removed" : ", short"));
            }
            clients.stop();

            assertAllReachAll(all, key);
            clients.assertNothingIsLeft();
            clients.assertEndedOnce(all, 0);
            assertThat(clients.counts.outcomes).containsKeys("failed: cluster", "refused: cluster");
        }
    }

    private static void awaitMembers(int count, List<ClusterNodes.Node> nodes) {
        ClusterNodes.awaitMembers(count, nodes.toArray(ClusterNodes.Node[]::new));
    }

    /** A load balancer takes the node out. */
    private void smallerPartRefuses(ClusterNodes.Node node, String key, ClusterClients clients) throws Exception {
        await().atMost(IS_NOTICED).until(() -> readiness(node) == 503);
        clients.nodes.remove(node);
        HttpResponse<String> refused = ClusterStreams.stream(node, key, 3).get(20, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("\"code\":\"cluster\"");
    }

    private static int readiness(ClusterNodes.Node node) {
        try (HttpWire wire = node.managementWire()) {
            return wire.get("/health/ready").answer().status();
        }
    }

    private static void largerPartGoesOn(ClusterClients clients) {
        awaitMembers(2, clients.nodes);
        clients.awaitTexts(CLIENTS / 2);
        assertThat(clients.nodes).hasSize(2).allMatch(node -> readiness(node) == 200);
    }

    /** What is requested at each node runs at each other one too, and is found from all. */
    private void assertAllReachAll(List<ClusterNodes.Node> nodes, String key) throws Exception {
        for (ClusterNodes.Node node : nodes) {
            List<ClusterNodes.Node> others =
                    nodes.stream().filter(other -> !other.equals(node)).toList();
            List<Double> before = others.stream().map(ClusterCutsIT::ran).toList();
            await().atMost(IS_NOTICED).until(() -> {
                ClusterStreams.stream(node, key, 1).get(20, TimeUnit.SECONDS);
                return ran(others.get(0)) > before.get(0) && ran(others.get(1)) > before.get(1);
            });
            String id = open(node, key);
            for (ClusterNodes.Node other : nodes) {
                assertThat(status(other, key, id))
                        .as("%s at %s", id, other.url())
                        .isEqualTo(200);
            }
        }
    }

    private static double ran(ClusterNodes.Node node) {
        return ClusterStreams.sum(node, "runnel_generations_total{");
    }

    private String open(ClusterNodes.Node node, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\",\"maxTokens\":200}"))
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        return response.headers().firstValue("X-Generation-Id").orElseThrow();
    }

    private static int status(ClusterNodes.Node node, String key, String id) {
        try (HttpWire wire = node.wire()) {
            return wire.get("/v1/generate/" + id, HttpWire.bearer(key)).answer().status();
        }
    }
}
