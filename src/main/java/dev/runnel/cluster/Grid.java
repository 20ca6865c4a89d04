package dev.runnel.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.runnel.config.ClusterConfig;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hazelcast in this process, which is the cluster manager of Vert.x. Any thread. */
final class Grid {

    private static final long REGISTERS_AGAIN_MILLIS = 2_000;

    private final GridRegistrations manager;
    private final JoinLog joinLog = new JoinLog();
    private final MergeWatch mergeWatch = new MergeWatch();

    Grid(ClusterConfig cluster) {
        Config config = GridSettings.of(cluster)
                .addListenerConfig(new ListenerConfig(joinLog))
                .addListenerConfig(new ListenerConfig(mergeWatch));
        GridMember.now(InstantSource.system(), System::nanoTime).addTo(config);
        this.manager = new GridRegistrations(config);
    }

    ClusterManager manager() {
        return manager;
    }

    /**
     * Keeps the consumers of this node registered, see {@link GridRegistrations}.
     *
     * @param vertx the one of this member, with which it ends
     */
    void keepRegistrations(Vertx vertx) {
        vertx.setPeriodic(REGISTERS_AGAIN_MILLIS, tick -> manager.registerAgain());
    }

    JoinLog joinLog() {
        return joinLog;
    }

    /** This node. */
    String self() {
        return manager.getNodeId();
    }

    Members members() {
        return new Members(this::addresses, this::onChange, mergeWatch::isMerging);
    }

    /** Empty after the end. */
    private Map<String, String> addresses() {
        Map<String, String> members = new LinkedHashMap<>();
        try {
            for (Member member : instance().getCluster().getMembers()) {
                String node = member.getAttribute(GridMember.NODE);
                if (node != null) {
                    members.put(
                            node,
                            member.getAddress().getHost() + ":"
                                    + member.getAddress().getPort());
                }
            }
        } catch (HazelcastInstanceNotActiveException e) {
            return Map.of();
        }
        return members;
    }

    /** The bound port of this member. */
    int port() {
        return instance().getCluster().getLocalMember().getAddress().getPort();
    }

    private void onChange(Runnable action) {
        instance().getCluster().addMembershipListener(new MembershipListener() {

            @Override
            public void memberAdded(MembershipEvent event) {
                action.run();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                action.run();
            }
        });
    }

    HazelcastInstance instance() {
        return manager.getHazelcastInstance();
    }
}
