package dev.runnel.it;

import dev.runnel.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time until a node is ready, and its memory: without a cluster, alone in one, and as the third. */
final class ClusterStarts {

    private static final int SETTLES_SECONDS = 5;
    private static final double KIB_PER_MIB = 1024;

    private final Path folder;
    private final Map<String, Samples> seconds = new LinkedHashMap<>();
    private final Map<String, Samples> mebibytes = new LinkedHashMap<>();

    ClusterStarts(Path folder) {
        this.folder = folder;
    }

    boolean run(int rounds) throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            for (String warmUp : new String[] {"0s", "6s"}) {
                round(folder.resolve("round" + round + "-" + warmUp), warmUp);
            }
            System.out.printf("round %d of %d%n", round, rounds);
        }
        System.out.println("\n| start | ready after, s | resident then, MiB |\n|---|---|---|");
        seconds.forEach((what, each) -> System.out.printf(
                "| %s | %s | %s |%n",
                what, each.show("%.1f"), mebibytes.get(what).show("%.0f")));
        return true;
    }

    private void round(Path data, String warmUp) throws IOException, InterruptedException {
        String suffix = warmUp.equals("0s") ? ", no warm-up" : ", warm-up of " + warmUp;
        try (ClusterNodes nodes = new ClusterNodes(data)) {
            start(
                    nodes,
                    "no cluster" + suffix,
                    Map.of("RUNNEL_WARM_UP_DURATION", warmUp, "RUNNEL_CLUSTER_ENABLED", "false"));
        }
        try (ClusterNodes nodes = new ClusterNodes(data)) {
            start(nodes, "alone in a cluster" + suffix, Map.of("RUNNEL_WARM_UP_DURATION", warmUp));
            nodes.start("second");
            start(nodes, "as the third" + suffix, Map.of("RUNNEL_WARM_UP_DURATION", warmUp));
        }
    }

    private void start(ClusterNodes nodes, String what, Map<String, String> variables)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ClusterNodes.Node node = nodes.start(what.replace(' ', '-').replace(",", ""), variables);
        seconds.computeIfAbsent(what, first -> new Samples()).add((System.nanoTime() - start) / 1e9);
        new CountDownLatch(1).await(SETTLES_SECONDS, TimeUnit.SECONDS);
        mebibytes
                .computeIfAbsent(what, first -> new Samples())
                .add(residentMebibytes(node.process().pid()));
    }

    private static double residentMebibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                .findFirst()
                .orElse(Double.NaN);
    }
}
