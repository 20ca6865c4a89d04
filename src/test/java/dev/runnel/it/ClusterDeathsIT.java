package dev.runnel.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients read from three nodes, one of which is killed and replaced again and again. {@code
 * -Drunnel.deaths=20} says how often; {@code -Plong} sets it. {@code -Drunnel.seed=1} chooses the nodes.
 */
@EnabledIfSystemProperty(named = "runnel.deaths", matches = "\\d+", disabledReason = "some minutes: mvn verify -Plong")
class ClusterDeathsIT {

    private static final int DEATHS = Integer.getInteger("runnel.deaths", 20);
    private static final int CLIENTS = Integer.getInteger("runnel.clients", 100);
    private static final long SEED = Long.getLong("runnel.seed", 1);
    /** Each node lists all that started before it, the dead ones too: half of them would be too many. */
    private static final Map<String, String> ANY_MEMBERS = Map.of("RUNNEL_CLUSTER_MINIMUM_MEMBERS", "1");

    @TempDir
    Path folder;

    private final List<ClusterNodes.Node> all = new ArrayList<>();
    private final Random random = new Random(SEED);

    @Test
    void textsOutliveTheDeathOfAnyNode() throws Exception {
        try (ClusterNodes nodes = new ClusterNodes(folder);
                ClusterClients clients = new ClusterClients(CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                start(nodes, "first" + i, clients);
            }
            awaitAllMembers(clients);
            clients.start(SEED);

            for (int death = 1; death <= DEATHS; death++) {
                ClusterNodes.Node killed = clients.nodes.remove(random.nextInt(clients.nodes.size()));
                killed.process().signal("KILL");
                start(nodes, "next" + death, clients);
                awaitAllMembers(clients);
                clients.show("death " + death + " of " + DEATHS);
            }
            clients.stop();

            clients.assertNothingIsLeft();
            clients.assertEndedOnce(all, DEATHS);
            clients.show("all");
        }
    }

    private void start(ClusterNodes nodes, String name, ClusterClients clients) throws Exception {
        ClusterNodes.Node node = nodes.start(name, ANY_MEMBERS);
        all.add(node);
        clients.nodes.add(node);
    }

    private static void awaitAllMembers(ClusterClients clients) {
        ClusterNodes.awaitMembers(3, clients.nodes.toArray(ClusterNodes.Node[]::new));
    }
}
