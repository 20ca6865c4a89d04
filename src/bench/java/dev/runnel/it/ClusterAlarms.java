package dev.runnel.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether healthy nodes take each other for dead while other processes use all processors. */
final class ClusterAlarms {

    private final Path folder;

    ClusterAlarms(Path folder) {
        this.folder = folder;
    }

    /** Returns whether there was no false alarm. */
    boolean run(int seconds, int clientCount) throws IOException, InterruptedException {
        List<Process> load = new ArrayList<>();
        try (ClusterNodes nodes = new ClusterNodes(folder);
                ClusterClients clients = new ClusterClients(clientCount)) {
            List<ClusterNodes.Node> all =
                    nodes.startTogether(Collections.nCopies(3, ClusterNodes.Host.LOOPBACK), Map.of());
            ClusterNodes.awaitMembers(3, all.toArray(ClusterNodes.Node[]::new));
            clients.nodes.addAll(all);
            clients.start(1);
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            int fewest = fewestMembers(all, seconds);
            load.forEach(Process::destroyForcibly);
            clients.stop();
            clients.show("texts");
            return print(all, seconds, fewest) == 0;
        } finally {
            load.forEach(Process::destroyForcibly);
        }
    }

    private static int fewestMembers(List<ClusterNodes.Node> nodes, int seconds) throws InterruptedException {
        int fewest = nodes.size();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            for (ClusterNodes.Node node : nodes) {
                fewest = Math.min(fewest, (int) ClusterStreams.sum(node, "runnel_cluster_members "));
            }
            new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        }
        return fewest;
    }

    /** Returns how many alarms there were. */
    private static double print(List<ClusterNodes.Node> nodes, int seconds, int fewest) {
        double continuations = sum(nodes, "runnel_cluster_continuations_total{");
        double fenced = sum(nodes, "runnel_cluster_fenced_total");
        double silent = lines(nodes, "was not heard for");
        double removed = lines(nodes, "has left the cluster");
        System.out.printf(
                Locale.ROOT,
                "%n%d s beside a load on all processors: fewest members seen %d, silent for 5 s %.0f, removed %.0f,"
                        + " continuations %.0f, fenced %.0f; did not run for a second %.0f times%n",
                seconds,
                fewest,
                silent,
                removed,
                continuations,
                fenced,
                sum(nodes, "runnel_cluster_frozen_total"));
        return continuations + fenced + silent + removed;
    }

    private static double sum(List<ClusterNodes.Node> nodes, String start) {
        return nodes.stream()
                .mapToDouble(node -> ClusterStreams.sum(node, start))
                .sum();
    }

    private static long lines(List<ClusterNodes.Node> nodes, String words) {
        return nodes.stream()
                .flatMap(node -> node.process().err().lines())
                .filter(line -> line.contains(words))
                .count();
    }
}
