package dev.runnel.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import dev.runnel.cluster.GridRig.Member;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member connects to one that is frozen: the kernel there accepts the connection, and no process answers. */
class FrozenMemberTest {

    private static final int QUESTIONS = 500;
    private static final byte[] PROTOCOL = {'H', 'Z', 'C'};

    private Vertx vertx;
    private GridRig rig;

    /** Its own: the members end before it. */
    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        rig = new GridRig(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** As with several connections: one thread writes to the frozen member and to others. */
    private static void writeInOneThread(Config config) {
        config.setProperty("hazelcast.io.thread.count", "1");
        config.setProperty("hazelcast.io.write.through", "false");
    }

    private static void connect(Member member, ServerSocket frozen) throws Exception {
        ((HazelcastInstanceProxy) member.instance())
                .getOriginal()
                .node
                .getServer()
                .getConnectionManager(EndpointQualifier.MEMBER)
                .getOrConnect(new Address(frozen.getInetAddress(), frozen.getLocalPort()));
    }

    @Test
    void othersAreReachedWhileOneDoesNotAnswer() throws Exception {
        Member first = rig.start("a", FrozenMemberTest::writeInOneThread);
        Member second = rig.start("b");
        GridRig.eventually().until(() -> second.instance().getPartitionService().isClusterSafe());
        String key = rig.keyOf(second);

        try (ServerSocket frozen = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            connect(first, frozen);
            try (Socket connection = frozen.accept()) {
                connection.getInputStream().readNBytes(PROTOCOL.length);

                for (int i = 0; i < QUESTIONS; i++) {
                    first.instance()
                            .getMap("first use")
                            .getAsync(key)
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS);
                }
            }
        }
    }
}
