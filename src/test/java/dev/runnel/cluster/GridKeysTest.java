package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cluster.GridRig.Member;
import dev.runnel.resume.ClaimRequest;
import dev.runnel.resume.SharedKeys;
import dev.runnel.resume.SharedKeys.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Idempotency keys over two members of Hazelcast in one process. */
class GridKeysTest {

    private static final AtomicInteger KEYS = new AtomicInteger();

    private static Vertx vertx;
    private static GridRig rig;
    private static Member first;
    private static Member second;
    private static SharedKeys a;
    private static SharedKeys b;

    private final ClaimRequest request = request("key " + KEYS.incrementAndGet());

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        rig = new GridRig(vertx);
        first = rig.start("a");
        second = rig.start("b");
        awaitSafe();
        a = new GridKeys("a", rig.steps(first));
        b = new GridKeys("b", rig.steps(second));
    }

    private static void awaitSafe() {
        GridRig.eventually().until(() -> first.instance().getPartitionService().isClusterSafe());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void unblock() {
        GridRig.unblock();
    }

    private static ClaimRequest request(String key) {
        return new ClaimRequest("ada", key, "request", false);
    }

    private static Answer done(Future<Answer> answer) throws Exception {
        return answer.await(30, TimeUnit.SECONDS);
    }

    private void awaitFree(SharedKeys keys) {
        GridRig.eventually().until(() -> done(keys.find(request, "")) instanceof Answer.Free);
    }

    @Test
    void keyIsGrantedOnceAndStandsForItsGenerationThen() throws Exception {
        assertThat(done(b.find(request, ""))).isInstanceOf(Answer.Free.class);
        assertThat(done(a.claim(request, 1, ""))).isInstanceOf(Answer.Granted.class);
        assertThat(done(b.claim(request, 1, ""))).isInstanceOf(Answer.Pending.class);
        assertThat(done(b.find(request, ""))).isInstanceOf(Answer.Pending.class);

        a.keep(request, 1, "gen_1").await(30, TimeUnit.SECONDS);

        assertThat(done(b.claim(request, 2, ""))).isEqualTo(new Answer.Kept("gen_1", true));
        assertThat(done(b.find(new ClaimRequest("ada", request.key(), "other", true), "")))
                .isEqualTo(new Answer.Kept("gen_1", false));
        assertThat(done(b.claim(new ClaimRequest("eve", request.key(), "request", false), 3, "")))
                .isInstanceOf(Answer.Granted.class);
    }

    @Test
    void onlyOneOfManyRequestsAtTheSameTimeGetsTheKey() throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            answers.add(a.claim(request, 100 + i, ""));
            answers.add(b.claim(request, 100 + i, ""));
        }

        int ofA = 0;
        int ofB = 0;
        for (int i = 0; i < answers.size(); i++) {
            boolean isGranted = done(answers.get(i)) instanceof Answer.Granted;
            ofA += isGranted && i % 2 == 0 ? 1 : 0;
            ofB += isGranted && i % 2 == 1 ? 1 : 0;
        }

        // Within a process its own table lets one request through.
        assertThat(Math.min(ofA, ofB)).isZero();
        assertThat(Math.max(ofA, ofB)).isEqualTo(10);
    }

    @Test
    void nodeFindsWhatItHasGivenUpUntilThatIsLost() throws Exception {
        done(a.claim(request, 1, ""));
        a.keep(request, 1, "gen_1").await(30, TimeUnit.SECONDS);

        assertThat(done(a.find(request, ""))).isEqualTo(new Answer.Kept("gen_1", true));
        assertThat(done(a.claim(request, 2, ""))).isEqualTo(new Answer.Kept("gen_1", true));
        assertThat(done(a.find(request, "gen_1"))).isInstanceOf(Answer.Free.class);
        assertThat(done(a.claim(request, 2, "gen_1"))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void releasedKeyIsFreeAndAnEarlierClaimReleasesNothing() throws Exception {
        done(a.claim(request, 1, ""));
        a.release(request, 1);
        awaitFree(b);

        done(a.claim(request, 2, ""));
        a.release(request, 1);
        b.release(request, 2);

        assertThat(done(b.claim(request, 3, ""))).isInstanceOf(Answer.Pending.class);
    }

    @Test
    void silentMemberIsNotWaitedForAndKeepsNoClaim() throws Exception {
        awaitFree(a);
        ClaimRequest silent = silentRequest();
        block(silent);

        assertThat(done(a.claim(silent, 7, ""))).isInstanceOf(Answer.Silent.class);

        GridRig.unblock();
        GridRig.eventually().until(() -> done(b.find(silent, "")) instanceof Answer.Free);
        assertThat(done(b.claim(silent, 8, ""))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void generationThatIsKeptWhileTheMemberIsSilentIsFoundLater() throws Exception {
        ClaimRequest silent = silentRequest();
        done(a.claim(silent, 9, ""));
        block(silent);

        a.keep(silent, 9, "gen_9").await(30, TimeUnit.SECONDS);
        GridRig.unblock();

        GridRig.eventually().until(() -> done(b.find(silent, "")).equals(new Answer.Kept("gen_9", true)));
    }

    /** One whose key the second member has. */
    private static ClaimRequest silentRequest() {
        while (true) {
            ClaimRequest candidate = request("silent " + KEYS.incrementAndGet());
            var owner = first.instance()
                    .getPartitionService()
                    .getPartition(GridKeys.key(candidate))
                    .getOwner();
            if (owner.getUuid()
                    .equals(second.instance().getCluster().getLocalMember().getUuid())) {
                return candidate;
            }
        }
    }

    private static void block(ClaimRequest request) throws InterruptedException {
        rig.block(GridKeys.key(request));
    }

    @Test
    void pendingKeysOfADeadNodeAreFreeAndOthersOnceTheirGenerationIsLost() throws Exception {
        Member dying = rig.start("d");
        awaitSafe();
        SharedKeys its = new GridKeys("d", rig.steps(dying));
        done(its.claim(request, 1, ""));
        ClaimRequest kept = request("kept");
        done(its.claim(kept, 2, ""));
        its.keep(kept, 2, "gen_d").await(30, TimeUnit.SECONDS);
        done(a.claim(request("of a"), 50, ""));
        a.keep(request("of a"), 50, "gen_a").await(30, TimeUnit.SECONDS);

        dying.instance().getLifecycleService().terminate();
        awaitSafe();

        assertThat(done(b.claim(request, 60, ""))).isInstanceOf(Answer.Granted.class);
        assertThat(done(b.claim(kept, 61, ""))).isEqualTo(new Answer.Kept("gen_d", true));
        assertThat(done(b.find(kept, "gen_d"))).isInstanceOf(Answer.Free.class);
        assertThat(done(b.claim(kept, 61, "gen_d"))).isInstanceOf(Answer.Granted.class);
        assertThat(done(a.claim(kept, 61, "gen_d"))).isInstanceOf(Answer.Pending.class);
        assertThat(done(b.claim(request("of a"), 62, ""))).isEqualTo(new Answer.Kept("gen_a", true));
    }
}
