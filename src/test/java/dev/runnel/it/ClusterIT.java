package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster as processes of their own, on loopback, with free ports that their files name. */
class ClusterIT {

    private static final int STREAMS = 30;
    /** 20 ms each. */
    private static final int TOKENS = 400;

    private static final int RELAYED = 10;

    /** Five seconds, and more where this process does not run in between. */
    private static final Duration SILENCE_IS_SEEN = Duration.ofSeconds(60);

    private static final Duration PLACES_ARE_KNOWN = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String key(ClusterNodes.Node node) {
        Map<String, String> environment = ClusterNodes.environment(node.config().getParent());
        return RunningService.key(node.config(), environment);
    }

    private CompletableFuture<HttpResponse<String>> stream(ClusterNodes.Node node, String key, int tokens) {
        return stream(node, key, tokens, "");
    }

    private CompletableFuture<HttpResponse<String>> stream(
            ClusterNodes.Node node, String key, int tokens, String idempotencyKey) {
        return stream(node, key, "\"maxTokens\":" + tokens, idempotencyKey);
    }

    /** @param members of the request */
    private CompletableFuture<HttpResponse<String>> stream(
            ClusterNodes.Node node, String key, String members, String idempotencyKey) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.http() + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\",\"includeText\":false," + members + "}"));
        if (!idempotencyKey.isEmpty()) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Whether a line of the metrics starts so and has another value than that. */
    private static boolean shows(ClusterNodes.Node node, String start, String otherThan) {
        return node.metrics().lines().anyMatch(line -> line.startsWith(start) && !line.endsWith(otherThan));
    }

    /** The endings of a stream: finishing events and errors. */
    private static long endings(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {\"error\"") || line.contains("\"finishReason\""))
                .count();
    }

    private static boolean isWhole(String stream) {
        return stream.endsWith("data: [DONE]\n\n");
    }

    /** From its next heartbeat on, a node knows the places of another one, and some of its generations run there. */
    private void awaitPlaces(ClusterNodes.Node node, ClusterNodes.Node other, String key) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> {
            stream(node, key, 1).get(20, TimeUnit.SECONDS);
            return shows(other, "runnel_generations_total{", " 0.0");
        });
    }

    /** Every second one with an idempotency key. */
    private List<CompletableFuture<HttpResponse<String>>> streams(List<ClusterNodes.Node> nodes, String key) {
        List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String idempotencyKey = i % 4 < 2 ? "" : "key-" + i;
            open.add(stream(nodes.get(i % nodes.size()), key, TOKENS, idempotencyKey));
        }
        return open;
    }

    private static String text(String stream) {
        StringBuilder text = new StringBuilder();
        stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .forEach(event -> text.append(event.getString("delta", "")));
        return text.toString();
    }

    /** Each stream has the whole text once, one ending, and true cursors. */
    private static List<String> assertWhole(List<CompletableFuture<HttpResponse<String>>> streams, String whole)
            throws Exception {
        return assertWhole(streams, whole, TOKENS);
    }

    private static List<String> assertWhole(
            List<CompletableFuture<HttpResponse<String>>> streams, String whole, int tokens) throws Exception {
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
    private static void assertEndedOnce(List<String> ids, ClusterNodes.Node... nodes) {
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

    private static void awaitRunning(ClusterNodes.Node node) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> shows(node, "runnel_generations_running{", " 0.0"));
    }

    @Test
    void generationsOfANodeThatIsKilledGoOnWithoutALostOrRepeatedByte() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.Node third = nodes.start("c");
            ClusterNodes.awaitMembers(3, first, second, third);
            String key = key(first);
            awaitPlaces(first, third, key);
            String whole =
                    text(stream(first, key, TOKENS).get(60, TimeUnit.SECONDS).body());
            List<CompletableFuture<HttpResponse<String>>> open = streams(List.of(first, second), key);
            awaitRunning(third);

            third.process().signal("KILL");

            List<String> ids = assertWhole(open, whole);
            assertThat(continued(first) + continued(second)).isPositive();
            assertEndedOnce(ids, first, second);
            ClusterNodes.awaitMembers(2, first, second);
            assertThat(isWhole(stream(first, key, 3).get(20, TimeUnit.SECONDS).body()))
                    .isTrue();
            assertThat(second.process().terminate()).isZero();
            ClusterNodes.awaitMembers(1, first);
            assertThat(isWhole(stream(first, key, 3).get(20, TimeUnit.SECONDS).body()))
                    .isTrue();
            assertThat(first.process().terminate()).isZero();
        }
    }

    /** The upstream has sent half of each text when the node dies. */
    @Test
    void relayedTextGoesOnAfterTheNodeThatRelayedItIsKilled() throws Exception {
        try (HalfwayUpstream upstream = new HalfwayUpstream();
                ClusterNodes nodes = new ClusterNodes(folder, upstream.url())) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.awaitMembers(2, first, second);
            String key = key(first);
            awaitPlaces(first, second, key);
            List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
            for (int i = 0; i < RELAYED; i++) {
                open.add(relayed(first, key));
            }
            await().until(() -> upstream.halves() == RELAYED);
            awaitRunning(second);

            second.process().signal("KILL");
            await().atMost(SILENCE_IS_SEEN).until(() -> continued(first) > 0);
            upstream.release();

            assertEndedOnce(assertWhole(open, HalfwayUpstream.text(), HalfwayUpstream.TOKENS), first, second);
        }
    }

    private CompletableFuture<HttpResponse<String>> relayed(ClusterNodes.Node node, String key) {
        int most = 2 * HalfwayUpstream.TOKENS;
        return stream(node, key, "\"model\":\"relayed\",\"maxTokens\":" + most, "");
    }

    private static double continued(ClusterNodes.Node node) {
        return node.metrics()
                .lines()
                .filter(line -> line.startsWith("runnel_cluster_continuations_total{outcome=\"continued\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void generationsOfAFrozenNodeGoOnAndItDoesNotDisturbThemWhenItWakes() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.awaitMembers(2, first, second);
            String key = key(first);
            awaitPlaces(first, second, key);
            String whole =
                    text(stream(first, key, TOKENS).get(60, TimeUnit.SECONDS).body());
            List<CompletableFuture<HttpResponse<String>>> open = streams(List.of(first), key);
            awaitRunning(second);

            second.process().signal("STOP");
            List<String> ids;
            try {
                await().atMost(SILENCE_IS_SEEN).until(() -> continued(first) > 0);
            } finally {
                second.process().signal("CONT");
            }

            ids = assertWhole(open, whole);
            ClusterNodes.awaitMembers(2, first, second);
            assertEndedOnce(ids, first, second);
            assertThat(isWhole(stream(second, key, 3).get(20, TimeUnit.SECONDS).body()))
                    .isTrue();
        }
    }

    @Test
    void nodeThatCannotJoinSaysWhyAndExits() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");

            assertThat(refused(nodes, Map.of("RUNNEL_AUTH_SECRET", "another secret of thirty-two bytes or more")))
                    .contains("127.0.0.1:" + first.cluster())
                    .contains("it has another signing secret");
            assertThat(refused(nodes, Map.of("RUNNEL_CLUSTER_NAME", "other"))).contains("cluster.name: other");
            assertThat(refused(nodes, Map.of("RUNNEL_CLUSTER_PORT", String.valueOf(first.cluster()))))
                    .contains("cluster.port");
        }
    }

    private static String refused(ClusterNodes nodes, Map<String, String> variables) throws Exception {
        Path config = nodes.config("refused");
        Map<String, String> environment = ClusterNodes.environment(config.getParent());
        environment.putAll(variables);
        try (JarProcess process = JarProcess.serve(environment, "--config", config.toString())) {
            assertThat(process.exitStatus()).isEqualTo(1);
            return process.err();
        }
    }

    @Test
    void busUsesMutualTlsAndAStrangersCertificateIsRefused() throws Exception {
        MadeCertificate made = MadeCertificate.of("node", "EC");
        MadeCertificate strange = MadeCertificate.of("stranger", "EC");
        Map<String, String> tls = tls("made", made, made);
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a", tls);
            ClusterNodes.Node second = nodes.start("b", tls);
            ClusterNodes.awaitMembers(2, first, second);
            assertThat(isWhole(stream(first, key(first), 3)
                            .get(20, TimeUnit.SECONDS)
                            .body()))
                    .isTrue();

            assertThat(refused(nodes, tls("strange", strange, strange))).contains("no answer on the event bus");
        }
    }

    private Map<String, String> tls(String name, MadeCertificate own, MadeCertificate trusted) throws Exception {
        Path files = Files.createDirectories(folder.resolve(name));
        Map<String, String> variables = new HashMap<>();
        variables.put(
                "RUNNEL_CLUSTER_TLS_CERTIFICATE_FILE",
                Files.writeString(files.resolve("own.pem"), own.certificatePem())
                        .toString());
        variables.put(
                "RUNNEL_CLUSTER_TLS_KEY_FILE",
                Files.writeString(files.resolve("key.pem"), own.keyPem()).toString());
        variables.put(
                "RUNNEL_CLUSTER_TLS_TRUST_FILE",
                Files.writeString(files.resolve("trust.pem"), trusted.certificatePem())
                        .toString());
        return variables;
    }

    /** The JVM's own list of the classes that it loads. */
    @Test
    void serviceWithoutAClusterLoadsNoClassOfHazelcast() throws Exception {
        Path data = Files.createDirectories(folder.resolve("single"));
        Path classes = data.resolve("classes.log");
        Path config = Files.writeString(data.resolve("test.yaml"), """
                defaultModel: story
                models: [ { name: story, engine: scripted } ]
                """);
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes);
        try (JarProcess process = JarProcess.serve(environment, "--config", config.toString())) {
            int port = process.awaitPorts().http();
            String key = RunningService.key(config, environment);
            assertThat(new HttpWire(port)
                            .post("/v1/generate", key, "{\"prompt\":\"x\"}")
                            .answer()
                            .status())
                    .isEqualTo(200);
            assertThat(process.terminate()).isZero();
        }

        String loaded = Files.readString(classes);
        assertThat(loaded).contains("dev.runnel.Runnel ").contains("io.vertx.core.impl.VertxImpl ");
        assertThat(loaded.lines().filter(line -> line.contains("hazelcast"))).isEmpty();
    }
}
