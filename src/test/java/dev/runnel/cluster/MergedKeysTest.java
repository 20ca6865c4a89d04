package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import dev.runnel.cluster.GridRig.Member;
import dev.runnel.resume.ClaimRequest;
import dev.runnel.resume.SharedKeys;
import dev.runnel.resume.SharedKeys.Answer;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members of Hazelcast remove each other for a moment, and merge. Each may be the one that joins the other. */
class MergedKeysTest {

    private static final int KEYS = 20;

    private Vertx vertx;
    private GridRig rig;
    private Member first;
    private Member second;

    /** Its own: the members end before it. */
    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        rig = new GridRig(vertx);
        first = rig.start("a");
        second = rig.start("b");
        GridRig.eventually().until(() -> first.instance().getPartitionService().isClusterSafe());
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** Removes the other member, as after its heartbeats were missing. */
    private static void suspectOther(HazelcastInstance instance) {
        com.hazelcast.cluster.Member other = instance.getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .findFirst()
                .orElseThrow();
        ((HazelcastInstanceProxy) instance)
                .getOriginal()
                .node
                .getClusterService()
                .suspectMember(other, "the test separates them", true);
    }

    private void awaitMembers(int count) {
        for (Member member : List.of(first, second)) {
            GridRig.eventually()
                    .until(() -> member.instance().getCluster().getMembers().size() == count);
        }
    }

    private static ClaimRequest request(String key) {
        return new ClaimRequest("ada", key, "request", false);
    }

    private static Answer find(SharedKeys keys, ClaimRequest request) throws Exception {
        return keys.find(request, "").await(30, TimeUnit.SECONDS);
    }

    @Test
    void keyStandsForTheGenerationThatEitherPartHasKept() throws Exception {
        SharedKeys a = new GridKeys("a", rig.steps(first));
        SharedKeys b = new GridKeys("b", rig.steps(second));
        List<ClaimRequest> ofA = new ArrayList<>();
        List<ClaimRequest> ofB = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            ofA.add(request("a" + i));
            ofB.add(request("b" + i));
            assertThat(a.claim(ofA.get(i), i, "").await(30, TimeUnit.SECONDS)).isInstanceOf(Answer.Granted.class);
            assertThat(b.claim(ofB.get(i), i, "").await(30, TimeUnit.SECONDS)).isInstanceOf(Answer.Granted.class);
        }

        suspectOther(first.instance());
        suspectOther(second.instance());
        awaitMembers(1);
        for (int i = 0; i < KEYS; i++) {
            a.keep(ofA.get(i), i, "gen_a" + i).await(30, TimeUnit.SECONDS);
            b.keep(ofB.get(i), i, "gen_b" + i).await(30, TimeUnit.SECONDS);
        }
        awaitMembers(2);

        for (int i = 0; i < KEYS; i++) {
            Answer.Kept keptByA = new Answer.Kept("gen_a" + i, true);
            Answer.Kept keptByB = new Answer.Kept("gen_b" + i, true);
            ClaimRequest keyOfA = ofA.get(i);
            ClaimRequest keyOfB = ofB.get(i);
            GridRig.eventually().until(() -> find(b, keyOfA).equals(keptByA));
            GridRig.eventually().until(() -> find(a, keyOfB).equals(keptByB));
        }
    }
}
