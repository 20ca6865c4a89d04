package dev.runnel.it;

import static dev.runnel.it.ClusterStreams.TOKENS;
import static dev.runnel.it.ClusterStreams.assertEndedOnce;
import static dev.runnel.it.ClusterStreams.assertWhole;
import static dev.runnel.it.ClusterStreams.awaitAccepted;
import static dev.runnel.it.ClusterStreams.awaitPlaces;
import static dev.runnel.it.ClusterStreams.awaitRunning;
import static dev.runnel.it.ClusterStreams.continued;
import static dev.runnel.it.ClusterStreams.endings;
import static dev.runnel.it.ClusterStreams.isWhole;
import static dev.runnel.it.ClusterStreams.key;
import static dev.runnel.it.ClusterStreams.stream;
import static dev.runnel.it.ClusterStreams.streams;
import static dev.runnel.it.ClusterStreams.sum;
import static dev.runnel.it.ClusterStreams.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
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

    private static final int RELAYED = 10;

    /** Five seconds, and more where this process does not run in between. */
    private static final Duration SILENCE_IS_SEEN = Duration.ofSeconds(60);

    /** After it a node counts as gone. */
    private static final double SILENCE_SECONDS = 5;

    @TempDir
    Path folder;

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
            List<CompletableFuture<HttpResponse<String>>> own =
                    List.of(stream(second, key, TOKENS), stream(second, key, TOKENS, "own"));
            awaitRunning(second);
            awaitAccepted(second, own.size());

            second.process().signal("STOP");
            List<String> ids;
            try {
                await().atMost(SILENCE_IS_SEEN).until(() -> continued(first) > 0);
            } finally {
                second.process().signal("CONT");
            }

            ids = new ArrayList<>(assertWhole(open, whole));
            ids.addAll(assertWholeOrCutOff(own, whole));
            ClusterNodes.awaitMembers(2, first, second);
            assertEndedOnce(ids, first, second);
            assertThat(sum(second, "runnel_cluster_fenced_total")).isPositive();
            assertThat(isWhole(stream(second, key, 3).get(20, TimeUnit.SECONDS).body()))
                    .isTrue();
        }
    }

    @Test
    void generationsOfADrainingNodeGoOnAtOnceAndItsClientsAreSentElsewhere() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder)) {
            ClusterNodes.Node first = nodes.start("a");
            ClusterNodes.Node second = nodes.start("b");
            ClusterNodes.Node third = nodes.start("c", Map.of("RUNNEL_HTTP_DRAIN", "1s"));
            ClusterNodes.awaitMembers(3, first, second, third);
            String key = key(first);
            awaitPlaces(first, third, key);
            String whole =
                    text(stream(first, key, TOKENS).get(60, TimeUnit.SECONDS).body());
            List<CompletableFuture<HttpResponse<String>>> open = streams(List.of(first, second), key);
            awaitRunning(third);
            List<CompletableFuture<HttpResponse<String>>> own = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                own.add(stream(third, key, TOKENS, i % 2 == 0 ? "" : "own-" + i));
            }
            awaitAccepted(third, own.size());

            assertThat(third.process().terminate()).as("something was cut").isEqualTo(1);

            List<String> ids = new ArrayList<>(assertWhole(open, whole));
            ids.addAll(assertSentElsewhere(own, whole));
            assertThat(continued(first) + continued(second)).isPositive();
            assertThat(longestSilence(first)).isLessThan(SILENCE_SECONDS);
            assertThat(longestSilence(second)).isLessThan(SILENCE_SECONDS);
            assertEndedOnce(ids, first, second, third);
        }
    }

    /** Each stream has the whole text, or the start of it and an error, if its node was frozen for long. */
    private static List<String> assertWholeOrCutOff(List<CompletableFuture<HttpResponse<String>>> streams, String whole)
            throws Exception {
        List<String> ids = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> one : streams) {
            HttpResponse<String> answer = one.get(90, TimeUnit.SECONDS);
            assertThat(whole).startsWith(text(answer.body()));
            assertThat(endings(answer.body())).as(answer.body()).isEqualTo(1);
            assertThat(isWhole(answer.body()) || answer.body().contains("\"code\":\"cluster\""))
                    .as(answer.body())
                    .isTrue();
            ids.add(answer.headers().firstValue("X-Generation-Id").orElseThrow());
        }
        return ids;
    }

    /** Each stream has the start of the text, and one ending that says to go elsewhere. */
    private static List<String> assertSentElsewhere(List<CompletableFuture<HttpResponse<String>>> streams, String whole)
            throws Exception {
        List<String> ids = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> one : streams) {
            HttpResponse<String> answer = one.get(90, TimeUnit.SECONDS);
            assertThat(whole).startsWith(text(answer.body()));
            assertThat(endings(answer.body())).as(answer.body()).isEqualTo(1);
            assertThat(answer.body()).contains("\"code\":\"draining\"").doesNotContain("[DONE]");
            ids.add(answer.headers().firstValue("X-Generation-Id").orElseThrow());
        }
        return ids;
    }

    private static double longestSilence(ClusterNodes.Node node) {
        return sum(node, "runnel_cluster_continuation_silence_seconds_max");
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
