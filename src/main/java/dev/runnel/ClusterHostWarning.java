package dev.runnel;

import dev.runnel.config.ClusterConfig;
import dev.runnel.config.RunnelConfig;
import java.util.Optional;

/** Warns about a node that other machines are to reach, but cannot. Blocks: looks names up. */
final class ClusterHostWarning {

    private ClusterHostWarning() {}

    /** One line if this node binds to loopback although members are on other machines. */
    static Optional<String> warning(RunnelConfig config) {
        return config.cluster()
                .filter(cluster -> Loopback.has(cluster.host()))
                .flatMap(ClusterHostWarning::remote)
                .map(remote -> "cluster.host: "
                        + config.cluster().map(ClusterConfig::host).orElse("")
                        + " (expected: an address that " + remote + " can reach; only this machine reaches loopback)");
    }

    private static Optional<String> remote(ClusterConfig cluster) {
        return cluster.kubernetesService()
                .map(service -> "the pods of " + service)
                .or(() -> cluster.members().stream()
                        .filter(member ->
                                !Loopback.has(ClusterConfig.address(member).getHostString()))
                        .findFirst());
    }
}
