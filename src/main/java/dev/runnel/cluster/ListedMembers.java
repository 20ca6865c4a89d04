package dev.runnel.cluster;

import dev.runnel.config.ClusterConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The members that the configuration lists.
 *
 * @param others how many it lists besides this node
 * @param minimum how many members there must be
 */
record ListedMembers(int others, int minimum) {

    /** From so many on, more than half of them must be there. */
    private static final int MAJORITY_FROM = 3;

    /** Blocks: looks names up. */
    static ListedMembers of(ClusterConfig cluster) {
        int others = (int) cluster.members().stream()
                .distinct()
                .filter(member -> !isSelf(cluster, member))
                .count();
        int all = others + 1;
        int majority = all >= MAJORITY_FROM ? all / 2 + 1 : 1;
        return new ListedMembers(others, cluster.minimumMembers().orElse(majority));
    }

    private static boolean isSelf(ClusterConfig cluster, String member) {
        InetSocketAddress address = ClusterConfig.address(member);
        if (address.getPort() != cluster.port()) {
            return false;
        }
        try {
            return InetAddress.getByName(address.getHostString()).equals(InetAddress.getByName(cluster.host()));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
