package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node that has the client dies, or stops. Three services in one process. */
class TakeOverTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final int TOKENS = 600;
    private static final String BODY = "{\"prompt\":\"x\",\"maxTokens\":" + TOKENS + "}";

    @TempDir
    private Path folder;

    private Node dying;
    private Node b;
    private Node c;
    private String key;
    private final List<Ended> ended = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        dying = Node.start(folder.resolve("a"), "A", "minimumMembers: 1");
        b = Node.start(folder.resolve("b"), "B", "minimumMembers: 1", dying);
        c = Node.start(folder.resolve("c"), "B", "minimumMembers: 1", dying, b);
        for (Node node : List.of(dying, b, c)) {
            node.awaitMembers(3);
        }
        key = dying.key();
    }

    @AfterEach
    void stop() throws Exception {
        for (Node node : List.of(c, b, dying)) {
            node.close();
        }
    }

    private void hear(Node node) throws Exception {
        node.runnel()
                .vertx()
                .eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> ended.add(message.body()))
                .completion()
                .await(10, TimeUnit.SECONDS);
    }

    private void assertEndedOnce(String id) {
        await().until(() -> ended.stream().anyMatch(one -> one.generationId().equals(id)));
        assertThat(ended).filteredOn(one -> one.generationId().equals(id)).hasSize(1);
    }

    private static void kill(Node node, Node... others) {
        node.kill();
        for (Node other : others) {
            other.awaitMembers(others.length);
        }
    }

    /** What a client has of a stream when it is cut. */
    private record Cut(String id, String text) {}

    private HttpRequest.Builder post(Node node, String path, String idempotencyKey, String body) {
        return node.request(path, key)
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    /** Reads the first events of a stream of the node that dies. */
    private Cut startStream(String idempotencyKey) throws Exception {
        HttpResponse<InputStream> first = HttpClient.newHttpClient()
                .send(post(dying, STREAM, idempotencyKey, BODY).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(first.statusCode()).isEqualTo(200);
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(first.body(), StandardCharsets.UTF_8))) {
            while (text.length() < 40) {
                String line = lines.readLine();
                if (line.startsWith("data: {")) {
                    text.append(event(line).getString("delta"));
                }
            }
        }
        return new Cut(first.headers().firstValue("X-Generation-Id").orElseThrow(), text.toString());
    }

    private static JsonObject event(String line) {
        return new JsonObject(line.substring("data: ".length()));
    }

    private static String text(String stream) {
        StringBuilder text = new StringBuilder();
        stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> text.append(event(line).getString("delta", "")));
        return text.toString();
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("X-Generation-Id").orElseThrow();
    }

    /** The one that runs the generations now. */
    private Node generator() throws Exception {
        return runsGenerations(b) ? b : c;
    }

    private static boolean runsGenerations(Node node) throws Exception {
        return node.metrics()
                .lines()
                .anyMatch(line -> line.startsWith("runnel_generations_running{") && !line.endsWith(" 0.0"));
    }

    private static String byId(Cut cut) {
        return "/v1/generate/" + cut.id() + "/stream";
    }

    @Test
    void streamIsResumedByItsKeyAndByItsIdOnAnyOtherNode() throws Exception {
        hear(b);
        String short9 = "{\"prompt\":\"x\",\"maxTokens\":9}";
        HttpResponse<String> ended9 = dying.send(post(dying, STREAM, "ended", short9));
        Cut cut = startStream("running");
        Node generator = generator();
        Node other = generator == b ? c : b;
        kill(dying, b, c);

        HttpResponse<String> byKey = other.send(post(other, STREAM, "running", BODY)
                .header("Last-Event-ID", String.valueOf(cut.text().length())));
        HttpResponse<String> byId = generator.get(byId(cut), key);

        String whole = text(byId.body());
        assertThat(id(byKey)).isEqualTo(cut.id());
        assertThat(cut.text() + text(byKey.body())).isEqualTo(whole).hasSize(TOKENS);
        for (String stream : List.of(byKey.body(), byId.body())) {
            assertThat(stream).contains("\"finishReason\":\"length\"").endsWith("data: [DONE]\n\n");
        }
        for (Node node : List.of(b, c)) {
            JsonObject state =
                    new JsonObject(node.get("/v1/generate/" + cut.id(), key).body());
            assertThat(state.getString("status")).isEqualTo("finished");
            assertThat(state.getString("text")).isEqualTo(whole);
        }
        HttpResponse<String> mismatch = generator.send(post(generator, STREAM, "running", short9));
        assertThat(mismatch.body()).contains("idempotency_mismatch");
        assertEndedOnce(cut.id());
        assertFoundAndDeleted(ended9, short9);
    }

    private void assertFoundAndDeleted(HttpResponse<String> ended9, String body) throws Exception {
        HttpResponse<String> again = b.send(post(b, STREAM, "ended", body));
        HttpResponse<String> elsewhere = c.send(post(c, STREAM, "ended", body));
        assertThat(List.of(id(again), id(elsewhere))).containsOnly(id(ended9));
        assertThat(text(again.body())).isEqualTo(text(ended9.body())).isEqualTo(text(elsewhere.body()));

        HttpRequest.Builder delete =
                c.request("/v1/generate/" + id(ended9), key).DELETE();
        assertThat(c.send(delete).statusCode()).isEqualTo(204);
        await().until(() -> c.get("/v1/generate/" + id(ended9) + "/stream", key).statusCode() == 404);
        assertThat(id(c.send(post(c, STREAM, "ended", body)))).isNotEqualTo(id(ended9));
    }

    @Test
    void streamIsResumedOnAnyNodeWhenItsOwnNodeHasGivenItUpAndIsThere() throws Exception {
        hear(b);
        Cut cut = startStream("given up");

        OtherNodes.of(dying.runnel().vertx()).orElseThrow().everyConsumerGone(OtherNodes.Absence.REMOVED);

        for (Node node : List.of(dying, b, c)) {
            HttpResponse<String> rest = node.send(post(node, STREAM, "given up", BODY)
                    .header("Last-Event-ID", String.valueOf(cut.text().length())));
            assertThat(id(rest)).isEqualTo(cut.id());
            assertThat(cut.text() + text(rest.body())).hasSize(TOKENS);
            assertThat(rest.body()).endsWith("data: [DONE]\n\n");
        }
        assertEndedOnce(cut.id());
    }

    @Test
    void generatorsOwnNodeTakesTheStreamOver() throws Exception {
        hear(b);
        Cut cut = startStream("own");
        Node generator = generator();
        Node other = generator == b ? c : b;
        dying.close();
        other.awaitMembers(2);

        CompletableFuture<HttpResponse<String>> first = HttpClient.newHttpClient()
                .sendAsync(generator.request(byId(cut), key).build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> second = other.send(post(other, "/v1/generate", "own", BODY));

        String stream = first.get(30, TimeUnit.SECONDS).body();
        String whole = text(stream);
        assertThat(whole).as(stream).startsWith(cut.text()).hasSize(TOKENS);
        assertThat(new JsonObject(second.body()).getString("text")).isEqualTo(whole);
        assertEndedOnce(cut.id());
    }

    private static JsonObject state(Node node, Cut cut, String key) throws Exception {
        return new JsonObject(node.get("/v1/generate/" + cut.id(), key).body());
    }

    /** A guardian would keep the generation. */
    @Test
    void lookAnswersWithoutANewGuardian() throws Exception {
        HttpResponse<String> ended9 = dying.send(post(dying, STREAM, "ended", "{\"prompt\":\"x\",\"maxTokens\":9}"));
        Cut over = new Cut(id(ended9), text(ended9.body()));
        Cut cut = startStream("looked at");
        Node generator = generator();
        Node other = generator == b ? c : b;
        kill(dying, b, c);

        for (Node node : List.of(other, generator)) {
            JsonObject state = state(node, cut, key);
            assertThat(state.getString("status")).as(state.encode()).isIn("running", "finished");
            assertThat(state.getString("text")).startsWith(cut.text());
            JsonObject finished = state(node, over, key);
            assertThat(finished.getString("status")).as(finished.encode()).isEqualTo("finished");
            assertThat(finished.getString("text")).isEqualTo(over.text());
            assertThat(node.metrics()).contains("runnel_resume_generations 0.0");
        }
        HttpResponse<String> stream = other.get(byId(cut), key);
        assertThat(text(stream.body())).startsWith(cut.text()).hasSize(TOKENS);
    }

    @Test
    void generationGoesOnWhenItsGeneratorDiesAfterTheTakeOver() throws Exception {
        Cut cut = startStream("two");
        Node generator = generator();
        Node other = generator == b ? c : b;
        hear(other);
        kill(dying, b, c);
        HttpResponse<InputStream> resumed = HttpClient.newHttpClient()
                .send(other.request(byId(cut), key).build(), HttpResponse.BodyHandlers.ofInputStream());

        kill(generator, other);

        String stream = new String(resumed.body().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text(stream)).startsWith(cut.text()).hasSize(TOKENS);
        assertThat(stream).endsWith("data: [DONE]\n\n");
        assertEndedOnce(cut.id());
        assertThat(ended.get(ended.size() - 1).epoch()).isEqualTo(2);
    }
}
