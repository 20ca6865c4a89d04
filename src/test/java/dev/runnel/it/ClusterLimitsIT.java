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
import org.junit.jupiter.api.io.TempDir;

/** Limits and idempotency keys of a cluster of three processes, also while one is frozen and after it was killed. */
class ClusterLimitsIT {

    private static final int LIMIT = 100;
    private static final int KEYS = 20;
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

    /** Sends many requests over several nodes, some at a time; returns how many were admitted. */
    private int flood(List<ClusterNodes.Node> nodes, String key, int requests) throws Exception {
        int admitted = 0;
        for (int sent = 0; sent < requests; ) {
            List<CompletableFuture<HttpResponse<String>>> some = new ArrayList<>();
            for (int i = 0; i < 30; i++, sent++) {
                some.add(http.sendAsync(
                        request(nodes.get(sent % nodes.size()), "/v1/generate", key, 1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> one : some) {
                int status = one.get(60, TimeUnit.SECONDS).statusCode();
                assertThat(status).isIn(200, 429);
                admitted += status == 200 ? 1 : 0;
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

            assertFloodIsAdmittedTheLimitOnce(List.of(first, second, third), keys.get(0));
            String held = holdAll(third, four.get(0));
            assertThat(open(first, four.get(0)).statusCode()).isEqualTo(429);
            assertThat(id(open(second, four.get(1), "held"))).isNotEmpty();
            String keyOfThird = id(open(third, four.get(1), "of the third"));
            assertThat(id(open(first, four.get(1), "of the third"))).isEqualTo(keyOfThird);

            third.process().signal("STOP");
            assertFloodIsAdmittedAtMostTwice(List.of(first, second), keys.subList(1, KEYS));
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
        int admitted = flood(nodes, key, 600);
        double least = LIMIT + refilled(start) - 1;
        admitted += flood(nodes, key, 30);
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

    /** Of so many keys, the frozen node has some. */
    private void assertFloodIsAdmittedAtMostTwice(List<ClusterNodes.Node> nodes, List<String> keys) throws Exception {
        long start = System.nanoTime();
        List<Integer> admitted = new ArrayList<>();
        for (String key : keys) {
            admitted.add(flood(nodes, key, 150));
        }
        double most = 2 * (LIMIT + refilled(start)) + 1;

        assertThat(admitted).allMatch(count -> count <= most).allMatch(count -> count >= LIMIT / 3);
        assertThat(nodes).anyMatch(ClusterLimitsIT::decidedAlone);
    }
}
