package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
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
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.http() + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"prompt\":\"x\",\"includeText\":false,\"maxTokens\":" + tokens + "}"))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
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

    private static boolean isLost(String stream) {
        return stream.contains("\"code\":\"lost\"") && !stream.contains("[DONE]");
    }

    /** From its next heartbeat on, a node knows the places of another one, and some of its generations run there. */
    private void awaitPlaces(ClusterNodes.Node node, ClusterNodes.Node other, String key) {
        await().atMost(PLACES_ARE_KNOWN).until(() -> {
            stream(node, key, 1).get(20, TimeUnit.SECONDS);
            return shows(other, "runnel_generations_total{", " 0.0");
        });
    }

    @Test
    void nodeThatIsKilledLeavesEachStreamOfTheOthersWithOneEnding() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.Node third = nodes.start("c");
            ClusterNodes.awaitMembers(3, first, second, third);
            String key = key(first);
            awaitPlaces(first, third, key);
            List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                open.add(stream(i % 2 == 0 ? first : second, key, 1000));
            }
            await().atMost(PLACES_ARE_KNOWN).until(() -> shows(third, "runnel_generations_running{", " 0.0"));
            CompletableFuture<HttpResponse<String>> early = stream(first, key, 3);
            assertThat(isWhole(early.get(20, TimeUnit.SECONDS).body())).isTrue();

            third.process().signal("KILL");

            int lost = 0;
            for (CompletableFuture<HttpResponse<String>> one : open) {
                String body = one.get(60, TimeUnit.SECONDS).body();
                assertThat(endings(body)).as(body).isEqualTo(1);
                assertThat(isWhole(body) || isLost(body)).as(body).isTrue();
                lost += isLost(body) ? 1 : 0;
            }
            assertThat(lost).isPositive().isLessThan(STREAMS);
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

    @Test
    void frozenNodeIsNotWaitedForLongerThanItsSilence() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.awaitMembers(2, first, second);
            String key = key(first);
            List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
            awaitPlaces(first, second, key);
            for (int i = 0; i < 5; i++) {
                open.add(stream(first, key, 4000));
            }
            await().atMost(PLACES_ARE_KNOWN)
                    .until(() -> second.metrics()
                            .lines()
                            .anyMatch(line -> line.startsWith("runnel_generations_running{") && line.endsWith(" 5.0")));

            second.process().signal("STOP");
            try {
                for (CompletableFuture<HttpResponse<String>> one : open) {
                    String body = one.get(12, TimeUnit.SECONDS).body();
                    assertThat(isLost(body)).as(body).isTrue();
                }
                assertThat(isWhole(
                                stream(first, key, 3).get(20, TimeUnit.SECONDS).body()))
                        .isTrue();
            } finally {
                second.process().signal("CONT");
            }
            ClusterNodes.awaitMembers(2, first, second);
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
