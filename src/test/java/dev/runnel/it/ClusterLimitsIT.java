package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Limits and idempotency keys of a cluster of three processes, also while one is frozen and after it was killed. */
@EnabledIfSystemProperty(named = "runnel.flood", matches = "true", disabledReason = "100 s: mvn verify -Plong")
class ClusterLimitsIT {

    private static final int LIMIT = 100;
    private static final int KEYS = 16;
    private static final int AT_A_TIME = 32;
    private static final Duration RECOVERS = Duration.ofSeconds(60);
    /** A node that has no answer for so long decides alone. Longer than a busy machine takes, shorter than a freeze. */
    private static final Map<String, String> PATIENT = Map.of("RUNNEL_CLUSTER_DECISION", "1s");

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static String[] subjects(int count) {
        return IntStream.range(0, count).mapToObj(i -> "caller" + i).toArray(String[]::new);
    }

    private static HttpRequest.Builder request(ClusterNodes.Node node, String path, String key, int tokens) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\",\"maxTokens\":" + tokens + "}"));
    }

    /** Sends so many requests of each key over several nodes; returns how many of each were admitted. */
    private int[] flood(List<ClusterNodes.Node> nodes, List<String> keys, int requests) throws Exception {
        int[] admitted = new int[keys.size()];
        int atATime = Math.max(1, AT_A_TIME / keys.size());
        for (int sent = 0; sent < requests; sent += atATime) {
            List<CompletableFuture<HttpResponse<String>>> some = new ArrayList<>();
            for (int i = 0; i < atATime * keys.size(); i++) {
                ClusterNodes.Node node = nodes.get((sent + i / keys.size()) % nodes.size());
                some.add(http.sendAsync(
                        request(node, "/v1/generate", keys.get(i % keys.size()), 1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < some.size(); i++) {
                int status = some.get(i).get(60, TimeUnit.SECONDS).statusCode();
                assertThat(status).isIn(200, 429);
                admitted[i % keys.size()] += status == 200 ? 1 : 0;
            }
        }
        return admitted;
    }

    private HttpResponse<InputStream> open(ClusterNodes.Node node, String key)
            throws IOException, InterruptedException {
        return http.send(
                request(node, "/v1/generate/stream", key, 4000).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpResponse<InputStream> open(ClusterNodes.Node node, String key, String idempotencyKey)
            throws IOException, InterruptedException {
        return http.send(
                request(node, "/v1/generate/stream", key, 4000)
                        .header("Idempotency-Key", idempotencyKey)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static String id(HttpResponse<InputStream> stream) {
        return stream.headers().firstValue("X-Generation-Id").orElseThrow();
    }

    private static double refilled(long startNanos) {
        return LIMIT * ((System.nanoTime() - startNanos) / 60e9);
    }

    private static boolean decidedAlone(ClusterNodes.Node node) {
        return node.metrics()
                .lines()
                .anyMatch(line -> line.startsWith("runnel_cluster_decisions_alone_total ") && !line.endsWith(" 0.0"));
    }

    @Test
    void limitsAndKeysHoldForTheClusterAndOutliveANode() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a", PATIENT);
            ClusterNodes.Node second = nodes.start("b", PATIENT);
            ClusterNodes.Node third = nodes.start("c", PATIENT);
            ClusterNodes.awaitMembers(3, first, second, third);
            Map<String, String> environment =
                    ClusterNodes.environment(first.config().getParent());
            List<String> keys = RunningService.keys(first.config(), environment, "hundred", subjects(KEYS));
            List<String> four = RunningService.keys(first.config(), environment, "four", subjects(2));

            assertFloodIsAdmittedTheLimitOnce(
                    List.of(first, second, third),
                    RunningService.keys(first.config(), environment, "hundred", "flooding")
                            .get(0));
            String held = holdAll(third, four.get(0));
            assertThat(open(first, four.get(0)).statusCode()).isEqualTo(429);
            assertThat(id(open(second, four.get(1), "held"))).isNotEmpty();
            String keyOfThird = id(open(third, four.get(1), "of the third"));
            assertThat(id(open(first, four.get(1), "of the third"))).isEqualTo(keyOfThird);

            long start = System.nanoTime();
            int[] before = flood(List.of(first, second, third), keys, LIMIT);
            third.process().signal("STOP");
            int[] after = flood(List.of(first, second), keys, 2 * LIMIT + 10);
            assertAdmittedAtMostTwice(before, after, refilled(start));
            assertThat(List.of(first, second)).anyMatch(ClusterLimitsIT::decidedAlone);
            assertKeysAreGrantedOrRefused(first, key(first));

            third.process().signal("KILL");
            await().atMost(RECOVERS).until(() -> open(first, four.get(0)).statusCode() == 200);
            await().atMost(RECOVERS).until(() -> {
                HttpResponse<InputStream> again = open(second, four.get(1), "of the third");
                return again.statusCode() == 200 && !id(again).equals(keyOfThird);
            });
            assertThat(held).isNotEmpty();
        }
    }

    private void assertFloodIsAdmittedTheLimitOnce(List<ClusterNodes.Node> nodes, String key) throws Exception {
        long start = System.nanoTime();
        int admitted = flood(nodes, List.of(key), AT_A_TIME)[0];
        // Nothing refills before the first admission.
        long used = System.nanoTime();
        admitted += flood(nodes, List.of(key), 600)[0];
        double least = LIMIT + refilled(used) - 1;
        admitted += flood(nodes, List.of(key), AT_A_TIME)[0];
        double most = LIMIT + refilled(start) + 1;

        assertThat((double) admitted).isBetween(least, most);
        assertThat(nodes).noneMatch(ClusterLimitsIT::decidedAlone);
    }

    /** The frozen node knows some of them. */
    private void assertKeysAreGrantedOrRefused(ClusterNodes.Node node, String key) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(http.sendAsync(
                    request(node, "/v1/generate", key, 1)
                            .header("Idempotency-Key", "while frozen " + i)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        int granted = 0;
        for (CompletableFuture<HttpResponse<String>> one : answers) {
            HttpResponse<String> answer = one.get(20, TimeUnit.SECONDS);
            granted += answer.statusCode() == 200 ? 1 : 0;
            assertThat(answer.statusCode() == 200 || answer.body().contains("\"code\":\"cluster\""))
                    .as(answer.body())
                    .isTrue();
        }
        assertThat(granted).isPositive();
    }

    private static String key(ClusterNodes.Node node) {
        return RunningService.key(
                node.config(), ClusterNodes.environment(node.config().getParent()));
    }

    /** Uses all that the key may have at once, on one node; returns the id of the last. */
    private String holdAll(ClusterNodes.Node node, String key) throws Exception {
        String last = "";
        for (int i = 0; i < 4; i++) {
            last = id(open(node, key));
        }
        return last;
    }

    /** The frozen node has some of the keys. Two nodes with the whole limit each would admit three times as much. */
    private static void assertAdmittedAtMostTwice(int[] before, int[] after, double refilled) {
        for (int i = 0; i < KEYS; i++) {
            assertThat((double) before[i] + after[i]).isBetween(LIMIT - 1.0, 2 * (LIMIT + refilled) + 1);
        }
    }
}
