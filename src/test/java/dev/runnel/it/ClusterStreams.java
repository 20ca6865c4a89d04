package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Streams of nodes of a cluster, and what holds for each of them. */
final class ClusterStreams {

    static final int STREAMS = 30;
    /** 20 ms each. */
    static final int TOKENS = 400;

    static final Duration PLACES_ARE_KNOWN = Duration.ofSeconds(20);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ClusterStreams() {}

    static String key(ClusterNodes.Node node) {
        Map<String, String> environment = ClusterNodes.environment(node.config().getParent());
        return RunningService.key(node.config(), environment);
    }

    static CompletableFuture<HttpResponse<String>> stream(ClusterNodes.Node node, String key, int tokens) {
        return stream(node, key, tokens, "");
    }

    static CompletableFuture<HttpResponse<String>> stream(
            ClusterNodes.Node node, String key, int tokens, String idempotencyKey) {
        return stream(node, key, "\"maxTokens\":" + tokens, idempotencyKey);
    }

    /** @param members of the request */
    static CompletableFuture<HttpResponse<String>> stream(
            ClusterNodes.Node node, String key, String members, String idempotencyKey) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\",\"includeText\":false," + members + "}"));
        if (!idempotencyKey.isEmpty()) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Whether a line of the metrics starts so and has another value than that. */
    static boolean shows(ClusterNodes.Node node, String start, String otherThan) {
        return node.metrics().lines().anyMatch(line -> line.startsWith(start) && !line.endsWith(otherThan));
    }

    /** The endings of a stream: finishing events and errors. */
    static long endings(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {\"error\"") || line.contains("\"finishReason\""))
                .count();
    }

    static boolean isWhole(String stream) {
        return stream.endsWith("data: [DONE]\n\n");
    }

    /** From its next heartbeat on, a node knows the places of another one, and some of its generations run there. */
    static void awaitPlaces(ClusterNodes.Node node, ClusterNodes.Node other, String key) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> {
            stream(node, key, 1).get(20, TimeUnit.SECONDS);
            return shows(other, "runnel_generations_total{", " 0.0");
        });
    }

    /** Every second one with an idempotency key. */
    static List<CompletableFuture<HttpResponse<String>>> streams(List<ClusterNodes.Node> nodes, String key) {
        List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String idempotencyKey = i % 4 < 2 ? "" : "key-" + i;
            open.add(stream(nodes.get(i % nodes.size()), key, TOKENS, idempotencyKey));
        }
        return open;
    }

    static String text(String stream) {
        StringBuilder text = new StringBuilder();
        stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .forEach(event -> text.append(event.getString("delta", "")));
        return text.toString();
    }

    /** Each stream has the whole text once, one ending, and true cursors. */
    static List<String> assertWhole(List<CompletableFuture<HttpResponse<String>>> streams, String whole)
            throws Exception {
        return assertWhole(streams, whole, TOKENS);
    }

    static List<String> assertWhole(List<CompletableFuture<HttpResponse<String>>> streams, String whole, int tokens)
            throws Exception {
        List<String> ids = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> one : streams) {
            HttpResponse<String> answer = one.get(90, TimeUnit.SECONDS);
            String body = answer.body();
            assertThat(text(body)).as(body).isEqualTo(whole);
            assertThat(endings(body)).as(body).isEqualTo(1);
            assertThat(isWhole(body)).as(body).isTrue();
            assertThat(body).contains("\"completionTokens\":" + tokens);
            body.lines()
                    .filter(line -> line.startsWith("id: "))
                    .reduce((first, second) -> second)
                    .ifPresent(cursor -> assertThat(cursor).isEqualTo("id: " + whole.length()));
            ids.add(answer.headers().firstValue("X-Generation-Id").orElseThrow());
        }
        return ids;
    }

    /** A line of the log is written for each record on {@code runnel.ended}, by the node that publishes it. */
    static void assertEndedOnce(List<String> ids, ClusterNodes.Node... nodes) {
        await().atMost(PLACES_ARE_KNOWN).untilAsserted(() -> {
            List<String> lines = new ArrayList<>();
            for (ClusterNodes.Node node : nodes) {
                node.process()
                        .err()
                        .lines()
                        .filter(line -> line.contains("ended"))
                        .forEach(lines::add);
            }
            for (String id : ids) {
                assertThat(lines.stream().filter(line -> line.contains(id)))
                        .as(id)
                        .hasSize(1);
            }
        });
    }

    static void awaitRunning(ClusterNodes.Node node) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> shows(node, "runnel_generations_running{", " 0.0"));
    }

    static double continued(ClusterNodes.Node node) {
        return sum(node, "runnel_cluster_continuations_total{outcome=\"continued\"");
    }

    static double sum(ClusterNodes.Node node, String start) {
        return node.metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static void awaitAccepted(ClusterNodes.Node node, int streams) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> node.metrics().contains("runnel_streams_open " + streams + ".0"));
    }
}
