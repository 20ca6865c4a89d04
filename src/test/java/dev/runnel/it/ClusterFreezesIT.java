package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients read from three nodes, one of which is frozen with SIGSTOP and woken again and again. {@code
 * -Drunnel.freezes=20} says how often; {@code -Plong} sets it. {@code -Drunnel.seed=1} chooses the nodes. With {@code
 * -Drunnel.removals=false} each one is woken before it is removed.
 */
@EnabledIfSystemProperty(named = "runnel.freezes", matches = "\\d+", disabledReason = "some minutes: mvn verify -Plong")
class ClusterFreezesIT {

    private static final int FREEZES = Integer.getInteger("runnel.freezes", 20);
    private static final int CLIENTS = Integer.getInteger("runnel.clients", 100);
    private static final long SEED = Long.getLong("runnel.seed", 1);

    /** Whether nodes stay frozen until Hazelcast removes them. */
    private static final boolean ARE_REMOVED = !"false".equals(System.getProperty("runnel.removals"));

    private static final Duration IS_NOTICED = Duration.ofSeconds(60);

    /** When a frozen node is woken. */
    private enum Wake {
        /** Before the others take it for dead. */
        WITHIN_THE_SILENCE,
        /** After that, while Hazelcast still lists it. */
        BEYOND_THE_SILENCE,
        /** When Hazelcast has removed it. */
        WHEN_REMOVED
    }

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Test
    void textsOutliveTheFreezeOfAnyNode() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder);
                ClusterClients clients = new ClusterClients(CLIENTS)) {
            List<ClusterNodes.Node> all =
                    nodes.startTogether(Collections.nCopies(3, ClusterNodes.Host.LOOPBACK), Map.of());
            ClusterNodes.awaitMembers(3, all.toArray(ClusterNodes.Node[]::new));
            clients.nodes.addAll(all);
            clients.start(SEED);

            for (int freeze = 1; freeze <= FREEZES; freeze++) {
                clients.awaitTexts(CLIENTS / 2);
                Wake wake = Wake.values()[freeze % (ARE_REMOVED ? 3 : 2)];
                freezeOne(clients, wake);
                ClusterNodes.awaitMembers(3, all.toArray(ClusterNodes.Node[]::new));
                clients.show("freeze " + freeze + " of " + FREEZES + ", woken " + wake);
            }
            clients.stop();

            clients.assertNothingIsLeft();
            clients.assertEndedOnce(all, 0);
            assertThat(all.stream()
                            .mapToDouble(node -> ClusterStreams.sum(node, "runnel_cluster_fenced_total"))
                            .sum())
                    .isGreaterThanOrEqualTo(FREEZES / 2.0);
        }
    }

    private void freezeOne(ClusterClients clients, Wake wake) throws Exception {
        ClusterNodes.Node node = clients.nodes.remove(random.nextInt(clients.nodes.size()));
        List<ClusterNodes.Node> others = List.copyOf(clients.nodes);
        Map<ClusterNodes.Node, Long> before =
                others.stream().collect(Collectors.toMap(other -> other, ClusterNodes.Node::removals));
        node.process().signal("STOP");
        try {
            switch (wake) {
                case WITHIN_THE_SILENCE ->
                    new CountDownLatch(1).await(1000 + random.nextInt(2000), TimeUnit.MILLISECONDS);
                case BEYOND_THE_SILENCE -> ClusterNodes.awaitMembers(2, others.toArray(ClusterNodes.Node[]::new));
                case WHEN_REMOVED ->
                    await().atMost(IS_NOTICED)
                            .until(() -> others.stream().allMatch(other -> other.removals() > before.get(other)));
            }
        } finally {
            clients.nodes.add(node);
            node.process().signal("CONT");
        }
    }
}
