package dev.runnel.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.runnel.config.ClusterConfig;
import java.util.Map;
import java.util.stream.Stream;

/** Hazelcast's settings. All of them are made here: no file and no class path resource of Hazelcast is read. */
final class GridSettings {

    /** Seconds until Hazelcast gives up a start. With the answers of the members, a node fails within 30 s. */
    private static final int JOIN_SECONDS = 15;

    private static final int CONNECT_SECONDS = 3;

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "8"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.wait.seconds.before.join", "1"),
            Map.entry("hazelcast.max.join.seconds", String.valueOf(JOIN_SECONDS)),
            // Parts of a split cluster look for each other at once, and not after 5 minutes.
            Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
            // A shorter limit removes healthy members of an overloaded machine. Heartbeats of our own are quicker.
            Map.entry("hazelcast.max.no.heartbeat.seconds", "15"),
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
            // A frozen member with a copy delays the answer of the member that has the entry by about a second, not 5.
            Map.entry("hazelcast.operation.backup.timeout.millis", "500"),
            // One thread for each direction would be enough for what is sent. But one that connects to a frozen member
            // is busy until that member answers (see WAKES_BY_KEY): messages to the others need another one.
            Map.entry("hazelcast.io.thread.count", "3"),
            Map.entry("hazelcast.event.thread.count", "1"));

    /**
     * How messages reach the thread that writes. Hazelcast reads it from the properties of the JVM only. A thread that
     * has connected to a member which does not answer runs the same task again and again until it does
     * (https://github.com/hazelcast/hazelcast/issues/26473, in 5.6.0). With {@code true} it would not look at what is
     * to be sent to other members meanwhile, and these would remove this one. With {@code false} that is sent in
     * between.
     */
    private static final String WAKES_BY_KEY = "hazelcast.io.selectionKeyWakeupEnabled";

    private GridSettings() {}

    static Config of(ClusterConfig cluster) {
        System.getProperties().putIfAbsent(WAKES_BY_KEY, "false");
        Config config = new Config();
        PROPERTIES.forEach(config::setProperty);
        config.setProperty("hazelcast.local.localAddress", cluster.host());
        config.setClusterName(cluster.name());
        config.getMetricsConfig().setEnabled(false);
        // As Vert.x asks for: the registrations of the bus, and the addresses of its nodes.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        Stream.of(Table.values()).forEach(table -> config.addMapConfig(table.config()));
        config.getSerializationConfig().addDataSerializableFactory(StoreProcessor.FACTORY, new GridForms());
        network(config.getNetworkConfig(), cluster);
        return config;
    }

    private static void network(NetworkConfig network, ClusterConfig cluster) {
        network.setPort(cluster.port()).setPortAutoIncrement(false).setReuseAddress(true);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        if (cluster.kubernetesService().isPresent()) {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", cluster.kubernetesService().get())
                    .setProperty("service-port", String.valueOf(cluster.port()));
        } else {
            join.getTcpIpConfig()
                    .setEnabled(true)
                    .setMembers(cluster.members())
                    .setConnectionTimeoutSeconds(CONNECT_SECONDS);
        }
    }
}
