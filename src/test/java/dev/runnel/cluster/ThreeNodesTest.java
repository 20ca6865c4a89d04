package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.IssuedKey;
import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three services in one process, each with a Vert.x, a member of Hazelcast and ports of its own. */
class ThreeNodesTest {

    private static final String STREAM = "/v1/generate/stream";

    @TempDir
    private static Path folder;

    private static Node a;
    private static Node b;
    private static Node c;

    @BeforeAll
    static void start() throws Exception {
        a = Node.start(folder.resolve("a"), "A", "");
        b = Node.start(folder.resolve("b"), "B", "", a);
        c = Node.start(folder.resolve("c"), "C", "placement: local", a, b);
        for (Node node : List.of(a, b, c)) {
            node.awaitMembers(3);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Node node : List.of(c, b, a)) {
            node.close();
        }
    }

    private static List<JsonObject> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .toList();
    }

    private static String text(String stream) {
        StringBuilder text = new StringBuilder();
        events(stream).forEach(event -> text.append(event.getString("delta", "")));
        return text.toString();
    }

    /** Sends a request, and reads the head of its answer. */
    private static HttpResponse<InputStream> open(HttpRequest.Builder request, int maxTokens) throws Exception {
        String body = "{\"prompt\":\"x\",\"maxTokens\":" + maxTokens + "}";
        return HttpClient.newHttpClient()
                .send(
                        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void everyNodeIsReady() throws Exception {
        for (Node node : List.of(a, b, c)) {
            assertThat(node.readiness())
                    .startsWith("{\"status\":\"ok\"")
                    .contains("{\"name\":\"cluster\",\"ok\":true}");
            assertThat(node.metrics()).contains("runnel_cluster_alone 0.0");
        }
    }

    @Test
    void streamOfANodeRunsOnAnotherOneUnlessGenerationsStayLocal() throws Exception {
        String body = "{\"prompt\":\"x\",\"maxTokens\":3}";

        String spread = a.post(STREAM, a.key(), body).body();
        String local = c.post(STREAM, a.key(), body).body();

        assertThat(text(spread)).doesNotContain("A").hasSize(3);
        assertThat(text(local)).startsWith("C");
        assertThat(spread).endsWith("data: [DONE]\n\n");
        assertThat(events(spread).get(events(spread).size() - 1).getString("finishReason"))
                .isEqualTo("length");
    }

    @Test
    void generationIsFoundByItsIdOnEveryNode() throws Exception {
        String key = a.key();
        HttpResponse<InputStream> stream = open(a.request(STREAM, key), 4000);
        String id = stream.headers().firstValue("X-Generation-Id").orElseThrow();

        for (Node node : List.of(a, b, c)) {
            assertThat(new JsonObject(node.get("/v1/generate/" + id, key).body()).getString("status"))
                    .isIn("running", "waiting");
        }
        assertThat(c.send(c.request("/v1/generate/" + id, key).DELETE()).statusCode())
                .isEqualTo(204);

        String rest = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(rest).contains("\"finishReason\":\"cancelled\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void stateOfARunningResumableGenerationHasItsTextOnEveryNode() throws Exception {
        String key = a.key();
        HttpResponse<InputStream> stream = open(a.request(STREAM, key).header("Idempotency-Key", "state"), 4000);
        String path =
                "/v1/generate/" + stream.headers().firstValue("X-Generation-Id").orElseThrow();

        for (Node node : List.of(a, b, c)) {
            JsonObject state = new JsonObject(node.get(path, key).body());
            assertThat(state.getString("status")).isIn("running", "waiting");
            assertThat(state.getString("text")).hasSize(state.getInteger("bytes"));
        }

        assertThat(b.send(b.request(path, key).DELETE()).statusCode()).isEqualTo(204);
        stream.body().readAllBytes();
    }

    @Test
    void resumableGenerationIsReadOnAnotherNodeFromAnyPlace() throws Exception {
        String key = a.key();
        HttpResponse<InputStream> first = open(a.request(STREAM, key).header("Idempotency-Key", "one"), 200);
        String id = first.headers().firstValue("X-Generation-Id").orElseThrow();
        String cursor;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(first.body(), StandardCharsets.UTF_8))) {
            List<String> ids = new ArrayList<>();
            while (ids.size() < 20) {
                String line = lines.readLine();
                if (line.startsWith("id: ")) {
                    ids.add(line.substring("id: ".length()));
                }
            }
            cursor = ids.get(ids.size() - 1);
        }

        String whole = c.get("/v1/generate/" + id + "/stream", key).body();
        HttpResponse<String> rest =
                b.send(b.request("/v1/generate/" + id + "/stream", key).header("Last-Event-ID", cursor));
        HttpResponse<String> later = c.get("/v1/generate/" + id + "/stream", key);

        assertThat(text(whole)).hasSize(200);
        assertThat(text(rest.body())).isEqualTo(text(whole).substring(Integer.parseInt(cursor)));
        assertThat(text(later.body())).isEqualTo(text(whole));
        for (String stream : List.of(whole, rest.body(), later.body())) {
            assertThat(stream).contains("\"finishReason\":\"length\"").endsWith("data: [DONE]\n\n");
        }
        assertThat(c.send(c.request("/v1/generate/" + id + "/stream", key).header("Last-Event-ID", "4001"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(c.get("/v1/generate/" + id + "/stream", b.issue("eve").token())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void keyThatComesToTwoNodesAtOnceStandsForOneGeneration() throws Exception {
        String key = a.key();
        String body = "{\"prompt\":\"x\",\"maxTokens\":60}";
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            for (Node node : List.of(a, b, c)) {
                answers.add(HttpClient.newHttpClient()
                        .sendAsync(
                                node.request(STREAM, key)
                                        .header("Idempotency-Key", "both")
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString()));
            }
        }

        Set<String> ids = new HashSet<>();
        Set<String> texts = new HashSet<>();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            HttpResponse<String> stream = answer.get(30, TimeUnit.SECONDS);
            assertThat(stream.statusCode()).as(stream.body()).isEqualTo(200);
            ids.add(stream.headers().firstValue("X-Generation-Id").orElseThrow());
            texts.add(text(stream.body()));
        }
        assertThat(ids).hasSize(1);
        assertThat(texts).hasSize(1);

        HttpResponse<String> whole = b.send(b.request("/v1/generate", key)
                .header("Idempotency-Key", "both")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        HttpResponse<String> other = c.send(c.request("/v1/generate", key)
                .header("Idempotency-Key", "both")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"y\"}")));
        assertThat(new JsonObject(whole.body()).getString("text")).isIn(texts);
        assertThat(other.body()).contains("idempotency_mismatch");
    }

    @Test
    void responseIsFoundByItsKeyOnAnotherNode() throws Exception {
        String key = a.key();
        String background = "{\"input\":\"x\",\"max_output_tokens\":5,\"background\":true}";

        JsonObject first = new JsonObject(
                postWithKey(a, "/v1/responses", key, "background", background).body());
        await().until(() ->
                a.get("/v1/responses/" + first.getString("id"), key).body().contains("\"status\":\"incomplete\""));
        HttpResponse<String> again = postWithKey(b, "/v1/responses", key, "background", background);

        JsonObject known = new JsonObject(again.body());
        assertThat(known.getString("id")).isEqualTo(first.getString("id"));
        assertThat(known.getString("status")).isEqualTo("incomplete");
        assertThat(known.getValue("created_at")).isEqualTo(first.getValue("created_at"));
        assertThat(known.getJsonArray("output"))
                .isEqualTo(new JsonObject(a.get("/v1/responses/" + first.getString("id"), key)
                                .body())
                        .getJsonArray("output"));

        String streamed = "{\"input\":\"x\",\"max_output_tokens\":5,\"stream\":true}";
        String whole =
                postWithKey(a, "/v1/responses", key, "streamed", streamed).body();
        String copied =
                postWithKey(c, "/v1/responses", key, "streamed", streamed).body();
        assertThat(copied).contains("event: response.incomplete");
        assertThat(lastEvent(copied).getJsonObject("response"))
                .isEqualTo(lastEvent(whole).getJsonObject("response"));
    }

    private static JsonObject lastEvent(String stream) {
        List<JsonObject> events = events(stream);
        return events.get(events.size() - 1);
    }

    private static HttpResponse<String> postWithKey(
            Node node, String path, String key, String idempotencyKey, String body) throws Exception {
        HttpResponse<String> answer = node.send(node.request(path, key)
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    @Test
    void limitsOfAKeyHoldForAllNodes() throws Exception {
        String key = a.issue("ada", "four").token();
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Node node = List.of(a, b, c).get(i % 3);
            open.add(open(node.request(STREAM, key), 4000));
        }

        assertThat(open.stream().map(HttpResponse::statusCode)).containsExactly(200, 200, 200, 200, 429, 429);
        assertThat(open.get(0).headers().firstValue("x-ratelimit-remaining-requests"))
                .contains("4");
        assertThat(open.get(3).headers().firstValue("x-ratelimit-remaining-requests"))
                .contains("1");

        open.get(0).body().close();
        await().until(() -> b.post("/v1/generate", key, "{\"prompt\":\"x\",\"maxTokens\":1}")
                        .statusCode()
                == 200);
        for (HttpResponse<InputStream> stream : open) {
            stream.body().close();
        }
    }

    @Test
    void revokedKeyIsRefusedOnEveryNode() throws Exception {
        IssuedKey key = a.issue();
        for (Node node : List.of(a, b, c)) {
            assertThat(node.get("/v1/models", key.token()).statusCode()).isEqualTo(200);
        }

        a.revoke(key.id());

        for (Node node : List.of(a, b, c)) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> node.get("/v1/models", key.token()).statusCode() == 401);
        }
    }

    @Test
    void verticleOfAnyNodeGetsTextAndObserversHearEachEndOnce() throws Exception {
        List<Ended> heard = new CopyOnWriteArrayList<>();
        c.runnel()
                .vertx()
                .eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> heard.add(message.body()))
                .completion()
                .await(5, TimeUnit.SECONDS);
        Vertx vertx = b.runnel().vertx();
        Future<Void> loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        List<Delta> text = new CopyOnWriteArrayList<>();
        Promise<Void> read = Promise.promise();
        ClientGeneration generation = loop.compose(turn -> GenerationClient.create(vertx))
                .compose(client -> client.submit(GenerationRequest.of("x").withMaxTokens(5)))
                .onSuccess(started -> started.deltas().handler(text::add).endHandler(read::complete))
                .await(20, TimeUnit.SECONDS);
        read.future().await(10, TimeUnit.SECONDS);
        assertThat(text).hasSize(5);

        assertThat(generation.settled().await(10, TimeUnit.SECONDS).usage().completionTokens())
                .isEqualTo(5);
        await().until(() ->
                heard.stream().anyMatch(ended -> ended.generationId().equals(generation.id())));
        // A second message of the same end would arrive before what its node publishes afterwards.
        for (Node node : List.of(a, b, c)) {
            String marker = "after " + node.ports().http();
            node.runnel().vertx().eventBus().publish(Addresses.ENDED, named(marker, heard.get(0)));
            await().until(() ->
                    heard.stream().anyMatch(ended -> ended.generationId().equals(marker)));
        }
        assertThat(heard.stream().filter(ended -> ended.generationId().equals(generation.id())))
                .hasSize(1);
    }

    private static Ended named(String id, Ended like) {
        return new Ended(
                id,
                like.caller(),
                like.keyId(),
                like.requestId(),
                like.model(),
                like.usage(),
                like.outcome(),
                like.failure(),
                like.deltas(),
                like.durations());
    }

    @Test
    void nodeWithAnotherSecretOrNameDoesNotJoin() {
        assertThatThrownBy(() -> Node.start(folder.resolve("d"), "another " + Node.SECRET, "D", "placement: local", a))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("it has another signing secret");
        assertThatThrownBy(() -> Node.start(folder.resolve("e"), "E", "name: other", a))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("cluster.name: other");
        assertThat(a.runnel().vertx().isClustered()).isTrue();
    }
}
