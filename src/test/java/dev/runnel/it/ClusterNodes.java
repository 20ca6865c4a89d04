package dev.runnel.it;

import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Nodes of a cluster, each a process of its own. One that starts alone lists those that started before it. */
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
          - { name: quick, engine: scripted, text: "on and on ", repeat: true, interval: 10ms, sequences: 500 }
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
    record Node(JarProcess process, Place place, int http, int management, int cluster) {

        Path config() {
            return place.config();
        }

        /** Its address for clients. */
        String host() {
            return place.host().clients();
        }

        String url() {
            return "http://" + host() + ":" + http;
        }

        HttpWire wire() {
            return new HttpWire(host(), http);
        }

        HttpWire managementWire() {
            return new HttpWire(host(), management);
        }

        String metrics() {
            try (HttpWire wire = managementWire()) {
                return wire.get("/metrics").answer().body();
            }
        }

        /** How often another node has left Hazelcast's list. */
        long removals() {
            return process.err()
                    .lines()
                    .filter(line -> line.contains("has left the cluster"))
                    .count();
        }
    }

    /**
     * Where a node runs.
     *
     * @param by the command that starts a process there; empty in this network
     * @param clients its address for clients
     * @param members its address for the other nodes
     */
    record Host(List<String> by, String clients, String members) {

        static final Host LOOPBACK = new Host(List.of(), "127.0.0.1", "127.0.0.1");

        /** With different addresses for the other nodes: no connection to a client takes the port of a dead node. */
        static List<Host> loopback(int count) {
            return IntStream.range(0, count)
                    .mapToObj(number -> new Host(List.of(), "127.0.0.1", "127.0.0." + (number + 2)))
                    .toList();
        }
    }

    /** How a process is started there, each time. */
    record Place(Host host, Path config, Map<String, String> environment) {

        JarProcess start() throws IOException {
            return JarProcess.serve(host.by(), environment, "--config", config.toString());
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
        return config(name, nodes.stream().map(node -> "127.0.0.1:" + node.cluster()));
    }

    private Path config(String name, Stream<String> members) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name));
        String list = members.map(member -> '"' + member + '"').collect(Collectors.joining(", "));
        return Files.writeString(data.resolve("test.yaml"), config + "cluster: { members: [ " + list + " ] }\n");
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
        Place place = new Place(Host.LOOPBACK, config, environment);
        return started(place, place.start());
    }

    /** Starts a process in the place of one that has died: with its configuration, data and address for the others. */
    Node restart(Node dead) throws IOException {
        return started(dead.place(), dead.place().start());
    }

    private Node started(Place place, JarProcess process) {
        JsonObject ports = process.awaitPortsFile();
        Node node = new Node(
                process,
                place,
                ports.getInteger("http"),
                ports.getInteger("management"),
                ports.getInteger("cluster", 0));
        nodes.add(node);
        return node;
    }

    /** Starts one node on each host, at once. Each lists all of them, so that more than half of them must be there. */
    List<Node> startTogether(List<Host> hosts, Map<String, String> variables) throws IOException {
        List<Integer> ports = freePorts(hosts.size());
        List<Place> places = new ArrayList<>();
        List<JarProcess> processes = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            Path config = config("node" + i, members(hosts, ports));
            Map<String, String> environment = environment(config.getParent());
            environment.put("RUNNEL_HTTP_HOST", hosts.get(i).clients());
            environment.put("RUNNEL_MANAGEMENT_HOST", hosts.get(i).clients());
            environment.put("RUNNEL_CLUSTER_HOST", hosts.get(i).members());
            environment.put("RUNNEL_CLUSTER_PORT", String.valueOf(ports.get(i)));
            environment.putAll(variables);
            places.add(new Place(hosts.get(i), config, environment));
            processes.add(places.get(i).start());
        }
        try {
            List<Node> together = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                together.add(started(places.get(i), processes.get(i)));
            }
            return together;
        } catch (RuntimeException | Error e) {
            processes.forEach(JarProcess::close);
            throw e;
        }
    }

    private static Stream<String> members(List<Host> hosts, List<Integer> ports) {
        return IntStream.range(0, hosts.size()).mapToObj(i -> hosts.get(i).members() + ":" + ports.get(i));
    }

    /** Nodes that list each other need ports before they start. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(new ServerSocket(0));
            ports.add(open.get(i).getLocalPort());
        }
        for (ServerSocket socket : open) {
            socket.close();
        }
        return ports;
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
