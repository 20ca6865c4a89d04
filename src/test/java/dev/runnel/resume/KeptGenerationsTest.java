package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ResumeConfig;
import dev.runnel.message.Attached;
import dev.runnel.message.Finished;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.resume.KeptGeneration.Facts;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class KeptGenerationsTest {

    private static final Duration RETENTION = Duration.ofSeconds(60);

    private long nanos;
    private final List<String> forgotten = new ArrayList<>();
    private KeptGenerations store = store(1 << 20, 100);

    private KeptGenerations store(long maxBytes, int maxGenerations) {
        return new KeptGenerations(
                new ResumeConfig(Duration.ofSeconds(30), RETENTION, maxBytes, maxGenerations, 2),
                new ResumeMeters(new SimpleMeterRegistry()),
                () -> nanos);
    }

    private ClaimAnswer claim(String owner, String key) {
        return store.claim(new ClaimRequest(owner, key, "request", false));
    }

    private KeptGeneration keep(String owner, String id) {
        var granted = (ClaimAnswer.Granted) claim(owner, "key of " + id);
        return store.keep(granted.claim(), new Facts(id, owner, "story", true, "inbox", 0), () -> forgotten.add(id));
    }

    private KeptGeneration ended(String owner, String id, int bytes) {
        KeptGeneration kept = keep(owner, id);
        kept.text().append(EscapedText.of("x".repeat(bytes)));
        kept.text().trim();
        store.ended(kept, finished(id, FinishReason.STOP));
        return kept;
    }

    private static Future<Finished> finished(String id, FinishReason reason) {
        return Future.succeededFuture(new Finished(id, 1, reason, Usage.NONE));
    }

    private static Future<Finished> failed() {
        return Future.failedFuture(new GenerationException(Failure.of(FailureCode.ENGINE_FAILED, "broken")));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void keyStandsForOneGeneration() {
        KeptGeneration kept = keep("ada", "a");

        assertThat(claim("ada", "key of a")).isEqualTo(new ClaimAnswer.Known(kept));
        assertThat(claim("bob", "key of a")).isInstanceOf(ClaimAnswer.Granted.class);
    }

    @Test
    void keyOfAnotherRequestIsAMismatch() {
        keep("ada", "a");

        assertThat(store.claim(new ClaimRequest("ada", "key of a", "other", false)))
                .isInstanceOf(ClaimAnswer.Mismatch.class);
    }

    @Test
    void secondRequestWaitsForTheFirstAndAttaches() {
        List<String> answered = new ArrayList<>();
        var first = (ClaimAnswer.Granted) claim("ada", "k");
        var second = (ClaimAnswer.InProgress) claim("ada", "k");
        assertThat(store.await(second.claim(), () -> answered.add("second"))).isTrue();

        KeptGeneration kept = store.keep(first.claim(), new Facts("a", "ada", "story", true, "inbox", 0), () -> {});

        assertThat(answered).containsExactly("second");
        assertThat(claim("ada", "k")).isEqualTo(new ClaimAnswer.Known(kept));
    }

    @Test
    void refusedRequestFreesTheKeyForTheOneThatWaits() {
        List<String> answered = new ArrayList<>();
        var first = (ClaimAnswer.Granted) claim("ada", "k");
        store.await(((ClaimAnswer.InProgress) claim("ada", "k")).claim(), () -> answered.add("second"));

        store.release(first.claim());
        store.release(first.claim());

        assertThat(answered).containsExactly("second");
        assertThat(store.pending()).isZero();
        assertThat(claim("ada", "k")).isInstanceOf(ClaimAnswer.Granted.class);
    }

    @Test
    void numberOfRequestsThatWaitIsBounded() {
        claim("ada", "k");
        Claim claim = ((ClaimAnswer.InProgress) claim("ada", "k")).claim();
        Runnable first = () -> {};

        assertThat(store.await(claim, first)).isTrue();
        assertThat(store.await(claim, () -> {})).isTrue();
        assertThat(store.await(claim, () -> {})).isFalse();

        store.stopWaiting(claim, first);
        assertThat(store.await(claim, () -> {})).isTrue();
    }

    @Test
    void requestThatOnlyAttachesClaimsNothing() {
        var attaches = new ClaimRequest("ada", "k", "request", true);

        assertThat(store.claim(attaches)).isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(store.pending()).isZero();
    }

    @Test
    void failedGenerationFreesItsKeyAndIsKeptForTheRetentionTime() {
        KeptGeneration kept = keep("ada", "a");

        store.ended(kept, failed());

        assertThat(claim("ada", "key of a")).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(store.find("a", "ada")).contains(kept);
        pass(RETENTION);
        assertThat(store.find("a", "ada")).isEmpty();
    }

    @Test
    void cancelledGenerationKeepsItsKeyAndIsNotDeleted() {
        KeptGeneration kept = keep("ada", "a");

        store.ended(kept, finished("a", FinishReason.CANCELLED));

        assertThat(store.delete("a", "ada")).isTrue();
        assertThat(claim("ada", "key of a")).isEqualTo(new ClaimAnswer.Known(kept));
    }

    @Test
    void deletedGenerationIsKnownForTheRetentionTime() {
        ended("ada", "a", 1000);

        assertThat(store.delete("a", "bob")).isFalse();
        assertThat(store.delete("a", "ada")).isTrue();
        assertThat(store.find("a", "ada")).isEmpty();
        assertThat(store.bytes()).isZero();
        assertThat(forgotten).containsExactly("a");
        assertThat(claim("ada", "key of a")).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(store.delete("a", "ada")).isTrue();
        pass(RETENTION);
        assertThat(store.delete("a", "ada")).isFalse();
    }

    @Test
    void endedGenerationIsForgottenAfterTheRetentionTimeUnlessItHasAReader() {
        ended("ada", "a", 10);
        KeptGeneration read = ended("ada", "b", 10);
        store.attach(read);

        pass(RETENTION.minusNanos(1));
        assertThat(store.find("a", "ada")).isPresent();
        pass(Duration.ofNanos(1));

        assertThat(store.find("a", "ada")).isEmpty();
        assertThat(store.find("b", "ada")).isPresent();
        store.detach(read, 1);
        assertThat(store.find("b", "ada")).isEmpty();
        assertThat(forgotten).containsExactly("a", "b");
    }

    @Test
    void readersAreBounded() {
        KeptGeneration kept = keep("ada", "a");

        assertThat(store.attach(kept)).isEqualTo(Attached.Answer.ATTACHED);
        assertThat(store.attach(kept)).isEqualTo(Attached.Answer.ATTACHED);
        assertThat(store.attach(kept)).isEqualTo(Attached.Answer.TOO_MANY_READERS);
        store.detach(kept, 1);
        assertThat(store.attach(kept)).isEqualTo(Attached.Answer.ATTACHED);
    }

    @Test
    void oldestEndedGenerationWithoutAReaderGoesFirst() {
        store = store(4000, 100);
        keep("cyd", "running");
        KeptGeneration read = ended("ada", "read", 1000);
        store.attach(read);
        ended("bob", "oldest", 1000);
        ended("cyd", "next", 1000);
        assertThat(forgotten).isEmpty();

        ended("dan", "last", 1000);

        assertThat(forgotten).containsExactly("oldest");
        assertThat(store.bytes()).isEqualTo(3256);
    }

    @Test
    void busyCallerCannotDropTheTextsOfAQuietOne() {
        store = store(4000, 100);
        ended("quiet", "q", 1000);

        for (int i = 0; i < 20; i++) {
            ended("busy", "b" + i, 500);
        }

        assertThat(store.find("q", "quiet")).isPresent();
        assertThat(store.find("b19", "busy")).isPresent();
        assertThat(forgotten).hasSize(16).doesNotContain("q");
    }

    @Test
    void numberIsBoundedAndRunningGenerationsAreNeverDropped() {
        store = store(1 << 20, 4);
        keep("ada", "a");
        keep("ada", "b");

        assertThat(claim("ada", "c")).isInstanceOf(ClaimAnswer.Full.class);
        assertThat(claim("bob", "d")).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(claim("cyd", "e")).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(claim("dan", "f")).isInstanceOf(ClaimAnswer.Full.class);
        assertThat(forgotten).isEmpty();
    }

    @Test
    @ExtendWith(VertxExtension.class)
    void deletedGenerationLeavesNoTextInMemoryAndItsReadersReadOn(Vertx vertx) {
        KeptGeneration kept = ended("ada", "a", 1000);
        var reader = new Attachment(vertx.getOrCreateContext(), kept, leaving -> {});

        store.delete("a", "ada");

        assertThat(kept.text().utf8Length()).isZero();
        assertThat(reader.text().utf8Length()).isEqualTo(1000);
    }

    @Test
    void runningGenerationThatWasDeletedIsForgottenIfItEndsByItself() {
        KeptGeneration stopped = keep("ada", "a");
        KeptGeneration cancelled = keep("ada", "b");
        assertThat(store.delete("a", "ada")).isTrue();
        assertThat(store.delete("b", "ada")).isTrue();
        assertThat(store.find("a", "ada")).contains(stopped);

        store.ended(stopped, finished("a", FinishReason.STOP));
        store.ended(cancelled, finished("b", FinishReason.CANCELLED));

        assertThat(store.find("a", "ada")).isEmpty();
        assertThat(claim("ada", "key of a")).isInstanceOf(ClaimAnswer.Granted.class);
        assertThat(store.find("b", "ada")).contains(cancelled);
    }

    @Test
    void textsOverABoundAreDroppedWhenTheirReadersLeave() {
        store = store(4000, 100);
        List<KeptGeneration> read = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            KeptGeneration kept = keep("ada", id);
            store.attach(kept);
            kept.text().append(EscapedText.of("x".repeat(1000)));
            kept.text().trim();
            store.ended(kept, finished(id, FinishReason.STOP));
            read.add(kept);
        }
        assertThat(store.bytes()).isEqualTo(3000);

        read.forEach(kept -> store.detach(kept, 1));

        assertThat(forgotten).containsExactly("a");
        assertThat(store.bytes()).isEqualTo(2000);
    }

    @Test
    void callerWhoseTextsHaveReadersCannotDropTheTextsOfAQuietOne() {
        store = store(4000, 100);
        ended("quiet", "q", 1000);
        for (int i = 0; i < 5; i++) {
            KeptGeneration kept = keep("busy", "b" + i);
            store.attach(kept);
            kept.text().append(EscapedText.of("x".repeat(1000)));
            store.grew(kept);
            kept.text().trim();
            store.ended(kept, finished("b" + i, FinishReason.STOP));
        }

        assertThat(store.find("q", "quiet")).isPresent();
        assertThat(forgotten).isEmpty();
    }
}
