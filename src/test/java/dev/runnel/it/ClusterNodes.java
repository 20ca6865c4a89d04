package dev.runnel.it;

import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nodes of a cluster, each a process of its own. Each lists those that started before it. */
final class ClusterNodes implements AutoCloseable {

    private static final Duration MEMBERS_AGREE = Duration.ofSeconds(60);

    private static final String CONFIG = """
            plans:
              - { name: unlimited }
              - { name: hundred, requestsPerMinute: 100 }
              - { name: four, concurrentGenerations: 4 }
              - { name: many, concurrentGenerations: 1000 }
            defaultModel: story
            models:
              - { name: story, engine: scripted, text: "on and on ", repeat: true, interval: 20ms, sequences: 500 }
            """;

    private final Path folder;
    private final String config;
    private final List<Node> nodes = new ArrayList<>();

    /** @param folder of the data of all nodes */
    ClusterNodes(Path folder) {
        this.folder = folder;
        this.config = CONFIG;
    }

    /**
     * Of nodes with a relayed model, whose upstream goes on after a message with {@code prefix}.
     *
     * @param folder of the data of all nodes
     * @param url of the upstream
     */
    ClusterNodes(Path folder, String url) {
        this.folder = folder;
        this.config = CONFIG + """
                  - name: relayed
                    engine: openai
                    continuation: prefix
                    upstreams: [ { url: "%s", model: m } ]
                """.formatted(url);
    }

    /** A process that has started, and its ports. */
    record Node(JarProcess process, Path config, int http, int management, int cluster) {

        HttpWire wire() {
            return new HttpWire(http);
        }

        String metrics() {
            try (HttpWire wire = new HttpWire(management)) {
                return wire.get("/metrics").answer().body();
            }
        }
    }

    static Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put("RUNNEL_AUTH_SECRET", "a secret of thirty-two bytes or more");
        environment.put("RUNNEL_CLUSTER_ENABLED", "true");
        environment.put("RUNNEL_CLUSTER_PORT", "0");
        return environment;
    }

    /** Writes the configuration of one more node. */
    Path config(String name) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name));
        String members = nodes.stream()
                .map(node -> "\"127.0.0.1:" + node.cluster() + "\"")
                .collect(Collectors.joining(", "));
        return Files.writeString(data.resolve("test.yaml"), config + "cluster: { members: [ " + members + " ] }\n");
    }

    /** Starts one more node and waits until it is ready. */
    Node start(String name) throws IOException {
        return start(name, Map.of());
    }

    /** As {@link #start(String)}, with further variables. */
    Node start(String name, Map<String, String> variables) throws IOException {
        Path config = config(name);
        Map<String, String> environment = environment(config.getParent());
        environment.putAll(variables);
        JarProcess process = JarProcess.serve(environment, "--config", config.toString());
        JsonObject ports = process.awaitPortsFile();
        Node node = new Node(
                process, config, ports.getInteger("http"), ports.getInteger("management"), ports.getInteger("cluster"));
        nodes.add(node);
        return node;
    }

    Node node(int number) {
        return nodes.get(number);
    }

    /** Waits until these nodes count so many members. */
    static void awaitMembers(int count, Node... which) {
        for (Node node : which) {
            await().atMost(MEMBERS_AGREE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> node.metrics().contains("runnel_cluster_members " + count + ".0"));
        }
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.process().signal());
        nodes.forEach(node -> node.process().close());
    }
}
