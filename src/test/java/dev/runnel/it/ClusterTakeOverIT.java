package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that has the clients is killed. They resume their streams at the two others. */
class ClusterTakeOverIT {

    private static final int STREAMS = 12;
    /** 20 ms each. */
    private static final int TOKENS = 400;

    private static final Duration PLACES_ARE_KNOWN = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String key;

    /** A stream whose first events were read. */
    private record Cut(String idempotencyKey, String id, String text) {}

    private HttpRequest.Builder request(ClusterNodes.Node node, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    private HttpRequest.Builder post(ClusterNodes.Node node, String idempotencyKey) {
        return request(node, "/v1/generate/stream")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"prompt\":\"x\",\"includeText\":false,\"maxTokens\":" + TOKENS + "}"));
    }

    private Cut start(ClusterNodes.Node node, String idempotencyKey) throws Exception {
        HttpResponse<InputStream> answer =
                http.send(post(node, idempotencyKey).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        while (text.length() < 10) {
            text.append(delta(lines.readLine()));
        }
        return new Cut(
                idempotencyKey, answer.headers().firstValue("X-Generation-Id").orElseThrow(), text.toString());
    }

    private static String delta(String line) {
        return line.startsWith("data: {")
                ? new JsonObject(line.substring("data: ".length())).getString("delta", "")
                : "";
    }

    private static String text(String stream) {
        StringBuilder text = new StringBuilder();
        stream.lines().forEach(line -> text.append(delta(line)));
        return text.toString();
    }

    /** By key with a cursor, by id with one, and by id from the start. */
    private HttpRequest resumption(Cut cut, int number, ClusterNodes.Node node) {
        String cursor = String.valueOf(cut.text().length());
        return switch (number % 3) {
            case 0 ->
                post(node, cut.idempotencyKey()).header("Last-Event-ID", cursor).build();
            case 1 -> byId(cut, node).header("Last-Event-ID", cursor).build();
            default -> byId(cut, node).build();
        };
    }

    private HttpRequest.Builder byId(Cut cut, ClusterNodes.Node node) {
        return request(node, "/v1/generate/" + cut.id() + "/stream?includeText=false");
    }

    private static boolean runsGenerations(ClusterNodes.Node node) {
        return node.metrics()
                .lines()
                .anyMatch(line -> line.startsWith("runnel_generations_running{") && !line.endsWith(" 0.0"));
    }

    @Test
    void streamsOfAKilledNodeAreResumedAtOthersByKeyAndById() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.Node third = nodes.start("c");
            ClusterNodes.awaitMembers(3, first, second, third);
            key = RunningService.key(
                    first.config(), ClusterNodes.environment(first.config().getParent()));
            // From its next heartbeat on, a node knows the places of the others.
            await().atMost(PLACES_ARE_KNOWN).until(() -> {
                start(first, "place " + System.identityHashCode(new Object()));
                return runsGenerations(second) && runsGenerations(third);
            });
            List<Cut> cuts = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                cuts.add(start(first, "key " + i));
            }

            first.process().signal("KILL");
            List<CompletableFuture<HttpResponse<String>>> resumed = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                HttpRequest request = resumption(cuts.get(i), i, i % 2 == 0 ? second : third);
                resumed.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }

            String whole = "on and on ".repeat(TOKENS);
            for (int i = 0; i < STREAMS; i++) {
                assertResumed(cuts.get(i), i, resumed.get(i).get(60, TimeUnit.SECONDS), whole);
            }
            assertEndedOnce(cuts, second, third);
        }
    }

    private static void assertResumed(Cut cut, int number, HttpResponse<String> answer, String endless) {
        String body = answer.body();
        String before = number % 3 == 2 ? "" : cut.text();
        String whole = before + text(body);

        assertThat(answer.statusCode()).as(body).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Generation-Id")).contains(cut.id());
        assertThat(endless).as(body).startsWith(whole);
        assertThat(body).contains("\"completionTokens\":" + TOKENS).endsWith("data: [DONE]\n\n");
        assertThat(body).contains("id: " + whole.length() + "\n").contains("\"finishReason\":\"length\"");
    }

    /** A line of the log is written for each record on {@code runnel.ended}, by the node that publishes it. */
    private static void assertEndedOnce(List<Cut> cuts, ClusterNodes.Node... nodes) {
        await().atMost(PLACES_ARE_KNOWN).untilAsserted(() -> {
            List<String> lines = new ArrayList<>();
            for (ClusterNodes.Node node : nodes) {
                node.process()
                        .err()
                        .lines()
                        .filter(line -> line.contains("ended"))
                        .forEach(lines::add);
            }
            for (Cut cut : cuts) {
                assertThat(lines.stream().filter(line -> line.contains(cut.id())))
                        .as(cut.id())
                        .hasSize(1);
            }
        });
    }
}
