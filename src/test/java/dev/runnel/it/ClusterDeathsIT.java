package dev.runnel.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients read from three nodes, one of which is killed and started again, over and over. {@code
 * -Drunnel.deaths=20} says how often; {@code -Plong} sets it. {@code -Drunnel.seed=1} chooses the nodes.
 */
@EnabledIfSystemProperty(named = "runnel.deaths", matches = "\\d+", disabledReason = "some minutes: mvn verify -Plong")
class ClusterDeathsIT {

    private static final int DEATHS = Integer.getInteger("runnel.deaths", 20);
    private static final int CLIENTS = Integer.getInteger("runnel.clients", 100);
    private static final long SEED = Long.getLong("runnel.seed", 1);

    @TempDir
    Path folder;

    private final List<ClusterNodes.Node> all = new ArrayList<>();
    private final Random random = new Random(SEED);

    @Test
    void textsOutliveTheDeathOfAnyNode() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder);
                ClusterClients clients = new ClusterClients(CLIENTS)) {
            List<ClusterNodes.Node> first = nodes.startTogether(ClusterNodes.Host.loopback(3), Map.of());
            all.addAll(first);
            clients.nodes.addAll(first);
            awaitAllMembers(clients);
            clients.start(SEED);

            for (int death = 1; death <= DEATHS; death++) {
                clients.awaitTexts(CLIENTS / 2);
                killAndRestartOne(nodes, clients);
                clients.show("death " + death + " of " + DEATHS);
            }
            clients.stop();

            clients.assertNothingIsLeft();
            clients.assertEndedOnce(all, DEATHS);
        }
    }

    private void killAndRestartOne(ClusterNodes nodes, ClusterClients clients) throws IOException {
        ClusterNodes.Node killed = clients.nodes.remove(random.nextInt(clients.nodes.size()));
        clients.countContinuations(killed);
        killed.process().signal("KILL");
        ClusterNodes.Node next = nodes.restart(killed);
        all.add(next);
        clients.nodes.add(next);
        awaitAllMembers(clients);
    }

    private static void awaitAllMembers(ClusterClients clients) {
        ClusterNodes.awaitMembers(3, clients.nodes.toArray(ClusterNodes.Node[]::new));
    }
}
