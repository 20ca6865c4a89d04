package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ResumeConfig;
import dev.runnel.message.KeptEntry;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.resume.KeptGeneration.Facts;
import dev.runnel.resume.SharedKeys.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Claims of one node, beside keys of other nodes that the test plays. */
@ExtendWith(VertxExtension.class)
class KeyClaimsTest {

    private static final ClaimRequest REQUEST = new ClaimRequest("ada", "key", "request", false);
    private static final KeptEntry ENTRY = new KeptEntry("gen_b", "ada", "story", true, "inbox", "b", 0, "", "");

    private final Set<String> members = new HashSet<>(Set.of("b"));
    private boolean isWhole = true;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> steps = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private KeptGenerations store;
    private KeyClaims claims;

    private final SharedKeys shared = new SharedKeys() {

        @Override
        public Future<Answer> claim(ClaimRequest request, long number, String lost) {
            steps.add(("claim " + number + " " + lost).strip());
            return Future.succeededFuture(answers.remove());
        }

        @Override
        public Future<Answer> find(ClaimRequest request, String lost) {
            steps.add(("find " + lost).strip());
            return Future.succeededFuture(answers.remove());
        }

        @Override
        public Future<Void> keep(ClaimRequest request, long number, String generationId) {
            steps.add("keep " + number + " " + generationId);
            return Future.succeededFuture();
        }

        @Override
        public void release(ClaimRequest request, long number) {
            steps.add("release " + number);
        }
    };

    private final GenerationDirectory directory = new ReadOnlyDirectory() {

        @Override
        public boolean isMember(String node) {
            return members.contains(node);
        }

        @Override
        public boolean isWhole() {
            return isWhole;
        }

        @Override
        public Future<Optional<KeptEntry>> find(String id) {
            return Future.succeededFuture(
                    Optional.of(ENTRY).filter(entry -> entry.generationId().equals(id)));
        }

        @Override
        public SharedKeys keys() {
            return shared;
        }
    };

    @BeforeEach
    void start(Vertx vertx) {
        store = new KeptGenerations(
                new ResumeConfig(Duration.ofSeconds(30), Duration.ofSeconds(60), 1 << 20, 10, 2),
                new ResumeMeters(registry),
                () -> 0,
                directory);
        claims = new KeyClaims(vertx, store);
    }

    private ClaimAnswer claim(ClaimRequest request, Answer... played) throws Exception {
        answers.addAll(List.of(played));
        return claims.claim(wanted(request), () -> true).await(10, TimeUnit.SECONDS);
    }

    private static KeyClaims.Wanted wanted(ClaimRequest request) {
        return new KeyClaims.Wanted(request, KeptRequest.NONE, "");
    }

    private double refused(String reason) {
        return registry.get("runnel.resume.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void claimIsMadeInTheClusterAndReleasedThere() throws Exception {
        ClaimAnswer answer = claim(REQUEST, new Answer.Granted());

        Claim claim = ((ClaimAnswer.Granted) answer).claim();
        assertThat(claim(REQUEST)).isInstanceOf(ClaimAnswer.InProgress.class);
        store.release(claim);
        store.release(claim);
        assertThat(steps).containsExactly("claim 1", "release 1");
    }

    @Test
    void failedGenerationFreesItsKeyInTheCluster() throws Exception {
        Claim claim = ((ClaimAnswer.Granted) claim(REQUEST, new Answer.Granted())).claim();
        KeptGeneration kept = store.keep(claim, new Facts("gen_a", "ada", "story", true, "inbox", 0), () -> {});
        store.keepShared(claim, "gen_a").await(10, TimeUnit.SECONDS);

        store.ended(
                kept, Future.failedFuture(new GenerationException(Failure.of(FailureCode.ENGINE_FAILED, "failed"))));

        assertThat(steps).containsExactly("claim 1", "keep 1 gen_a", "release 1");
    }

    @Test
    void generationOfAnotherNodeIsAttachedTo() throws Exception {
        ClaimAnswer answer = claim(REQUEST, new Answer.Kept("gen_b", true));

        assertThat(((ClaimAnswer.Known) answer).generation().id()).isEqualTo("gen_b");
        assertThat(((ClaimAnswer.Known) answer).generation().isOfOtherNode()).isTrue();
        assertThat(store.pending()).isZero();
        assertThat(steps).containsExactly("claim 1");
    }

    @Test
    void requestThatOnlyAttachesIsLookedUpAndClaimsNothing() throws Exception {
        ClaimRequest attaches = new ClaimRequest("ada", "key", "request", true);

        assertThat(claim(attaches, new Answer.Kept("gen_b", true))).isInstanceOf(ClaimAnswer.Known.class);
        assertThat(refused("diverged")).isZero();
        assertThat(claim(attaches, new Answer.Free())).isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(refused("diverged")).isEqualTo(1);
        assertThat(claim(attaches, new Answer.Pending())).isInstanceOf(ClaimAnswer.InProgressElsewhere.class);
        assertThat(steps).containsExactly("find", "find", "find");
    }

    @Test
    void keyOfAnotherRequestIsAMismatch() throws Exception {
        assertThat(claim(REQUEST, new Answer.Kept("gen_b", false))).isInstanceOf(ClaimAnswer.Mismatch.class);
        assertThat(refused("mismatch")).isEqualTo(1);
        assertThat(store.pending()).isZero();
    }

    @Test
    void requestWaitsForTheOneOfAnotherNode() throws Exception {
        ClaimAnswer answer = claim(REQUEST, new Answer.Pending(), new Answer.Pending(), new Answer.Granted());

        assertThat(answer).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(steps).containsExactly("claim 1", "claim 1", "claim 1");
    }

    @Test
    void requestThatWaitsNoLongerLeavesNoClaim() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        answers.addAll(List.of(new Answer.Pending(), new Answer.Pending()));

        ClaimAnswer answer =
                claims.claim(wanted(REQUEST), () -> asked.incrementAndGet() < 2).await(10, TimeUnit.SECONDS);

        assertThat(answer).isInstanceOf(ClaimAnswer.InProgressElsewhere.class);
        assertThat(store.pending()).isZero();
        assertThat(steps).doesNotContain("release 1");
    }

    @Test
    void silentClusterAndLostEntryGrantNothing() throws Exception {
        assertThat(claim(REQUEST, new Answer.Silent())).isInstanceOf(ClaimAnswer.Silent.class);
        var kept = new Answer.Kept("gen_lost", true);
        assertThat(claim(REQUEST, kept, kept)).isInstanceOf(ClaimAnswer.Silent.class);
        assertThat(store.pending()).isZero();
    }

    @Test
    void smallerPartOfAClusterDoesNotKnowWhichKeysAreFree() throws Exception {
        isWhole = false;
        ClaimRequest attaches = new ClaimRequest("ada", "key", "request", true);

        assertThat(claim(attaches, new Answer.Free())).isInstanceOf(ClaimAnswer.Silent.class);
        assertThat(claim(REQUEST, new Answer.Granted())).isInstanceOf(ClaimAnswer.Silent.class);

        assertThat(refused("diverged")).isZero();
        assertThat(store.pending()).isZero();
        assertThat(steps).containsExactly("find", "claim 1", "release 1");
    }

    @Test
    void keyOfALostGenerationIsClaimedAgain() throws Exception {
        members.clear();

        assertThat(claim(REQUEST, new Answer.Kept("gen_b", true), new Answer.Granted()))
                .isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(steps).containsExactly("claim 1", "claim 1 gen_b");
    }

    @Test
    void requestThatOnlyAttachesDoesNotFindALostGeneration() throws Exception {
        members.clear();
        ClaimRequest attaches = new ClaimRequest("ada", "key", "request", true);

        assertThat(claim(attaches, new Answer.Kept("gen_b", false), new Answer.Free()))
                .isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(steps).containsExactly("find", "find gen_b");
    }

    @Test
    void generationThatThisNodeHasTakenOverIsKnownHere() throws Exception {
        Claim place = ((ClaimAnswer.Granted) store.claim("ada")).claim();
        KeptGeneration here = store.keep(place, new Facts("gen_b", "ada", "story", true, "inbox", 0), () -> {});

        ClaimAnswer answer = claim(REQUEST, new Answer.Kept("gen_b", true));

        assertThat(((ClaimAnswer.Known) answer).generation()).isSameAs(here);
        store.ended(
                here, Future.failedFuture(new GenerationException(Failure.of(FailureCode.ENGINE_FAILED, "failed"))));
        assertThat(claim(REQUEST, new Answer.Kept("gen_b", true), new Answer.Granted()))
                .isInstanceOf(ClaimAnswer.Granted.class);
    }
}
