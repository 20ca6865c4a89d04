package dev.runnel.cluster;

import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import dev.runnel.Ports;
import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.engine.EngineListener;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** One of several services in the test's process. Its text says which one made it. */
final class Node implements AutoCloseable {

    static final String SECRET = "a secret of thirty-two bytes or more";

    private static final Duration START = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Runnel runnel;
    private final Path data;
    private boolean isKilled;

    private Node(Runnel runnel, Path data) {
        this.runnel = runnel;
        this.data = data;
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @param more a further key of {@code cluster}
     * @param members those that it lists
     */
    static Node start(Path data, String text, String more, Node... members) throws Exception {
        return start(data, SECRET, text, more, members);
    }

    /** As {@link #start(Path, String, String, Node...)}, with another signing secret. */
    static Node start(Path data, String secret, String text, String more, Node... members) throws Exception {
        String listed = Arrays.stream(members)
                .map(member -> "\"127.0.0.1:" + member.ports().cluster() + "\"")
                .collect(Collectors.joining(", "));
        String yaml = """
                http: { port: 0 }
                management: { port: 0 }
                auth: { secret: "%s" }
                plans:
                  - { name: unlimited }
                  - { name: four, requestsPerMinute: 5, concurrentGenerations: 4 }
                defaultModel: story
                models:
                  - { name: story, engine: scripted, text: "%s ", repeat: true, interval: 5ms, sequences: 200 }
                cluster:
                  enabled: true
                  port: 0
                  decision: 5s
                  members: [ %s ]
                  %s
                """.formatted(secret, text, listed, more);
        Runnel runnel = Runnel.start(ServiceConfig.of(yaml, data), EngineListener.SILENT)
                .await(START.toSeconds(), TimeUnit.SECONDS);
        runnel.opened().await(START.toSeconds(), TimeUnit.SECONDS);
        return new Node(runnel, data);
    }

    Ports ports() {
        return runnel.ports();
    }

    Runnel runnel() {
        return runnel;
    }

    /** A key of all nodes, since they have the same secret. */
    String key() {
        return issue().token();
    }

    IssuedKey issue() {
        return issue("ada");
    }

    IssuedKey issue(String subject) {
        return issue(subject, "unlimited");
    }

    IssuedKey issue(String subject, String plan) {
        return runnel.keys().issue(new KeyRequest(subject, plan, Scope.ALL, Duration.ofHours(1)));
    }

    void revoke(String keyId) {
        new KeyRegistry(data, InstantSource.system()).revoke(keyId);
    }

    HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports().http() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String key, String body) throws IOException, InterruptedException {
        return send(request(path, key).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path, String key) throws IOException, InterruptedException {
        return send(request(path, key).GET());
    }

    private String management(String path) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports().management() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    String metrics() throws IOException, InterruptedException {
        return management("/metrics");
    }

    String readiness() throws IOException, InterruptedException {
        return management("/health/ready");
    }

    void awaitMembers(int count) {
        await().atMost(START).until(() -> metrics().contains("runnel_cluster_members " + count + ".0"));
    }

    /** Terminates its member of the grid, as if the process was killed. */
    void kill() {
        isKilled = true;
        runnel.vertx().eventBus().addOutboundInterceptor(lost -> {}).addInboundInterceptor(lost -> {});
        Hazelcast.getAllHazelcastInstances().stream()
                .filter(instance ->
                        instance.getCluster().getLocalMember().getAddress().getPort() == ports().cluster())
                .forEach(instance -> instance.getLifecycleService().terminate());
    }

    /** A killed one may wait for answers that do not come. */
    @Override
    public void close() throws TimeoutException {
        Future<Void> closed = runnel.close();
        if (!isKilled) {
            closed.await(START.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
