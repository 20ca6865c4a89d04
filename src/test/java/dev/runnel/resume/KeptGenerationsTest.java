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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

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
        return granted.claim().keep(new Facts(id, owner, "story", true, "inbox"), () -> forgotten.add(id));
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
        assertThat(second.claim().await(() -> answered.add("second"))).isTrue();

        KeptGeneration kept = first.claim().keep(new Facts("a", "ada", "story", true, "inbox"), () -> {});

        assertThat(answered).containsExactly("second");
        assertThat(claim("ada", "k")).isEqualTo(new ClaimAnswer.Known(kept));
    }

    @Test
    void refusedRequestFreesTheKeyForTheOneThatWaits() {
        List<String> answered = new ArrayList<>();
        var first = (ClaimAnswer.Granted) claim("ada", "k");
        ((ClaimAnswer.InProgress) claim("ada", "k")).claim().await(() -> answered.add("second"));

        first.claim().release();
        first.claim().release();

        assertThat(answered).containsExactly("second");
        assertThat(store.pending()).isZero();
        assertThat(claim("ada", "k")).isInstanceOf(ClaimAnswer.Granted.class);
    }

    @Test
    void numberOfRequestsThatWaitIsBounded() {
        claim("ada", "k");
        Claim claim = ((ClaimAnswer.InProgress) claim("ada", "k")).claim();
        Runnable first = () -> {};

        assertThat(claim.await(first)).isTrue();
        assertThat(claim.await(() -> {})).isTrue();
        assertThat(claim.await(() -> {})).isFalse();

        claim.stopWaiting(first);
        assertThat(claim.await(() -> {})).isTrue();
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
        assertThat(store.detach(kept, 1)).isEqualTo(1);
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

    /** One step of a random run. */
    record Step(int kind, int owner, int which, int size) {}

    @Property(tries = 300)
    void boundsHoldWhateverHappens(@ForAll("runs") List<Step> steps) {
        store = store(3000, 8);
        forgotten.clear();
        List<KeptGeneration> running = new ArrayList<>();
        List<KeptGeneration> read = new ArrayList<>();
        List<Claim> pending = new ArrayList<>();
        int number = 0;
        for (Step step : steps) {
            String owner = "owner" + step.owner();
            switch (step.kind()) {
                case 0 -> {
                    String id = "g" + number++;
                    if (claim(owner, id) instanceof ClaimAnswer.Granted granted) {
                        running.add(granted.claim()
                                .keep(new Facts(id, owner, "m", true, "inbox"), () -> forgotten.add(id)));
                    }
                }
                case 1 -> {
                    if (claim(owner, "p" + number++) instanceof ClaimAnswer.Granted granted) {
                        pending.add(granted.claim());
                    }
                }
                case 2 ->
                    pending.stream().findFirst().ifPresent(claim -> {
                        pending.remove(claim);
                        claim.release();
                    });
                case 3 ->
                    picked(running, step).ifPresent(kept -> {
                        kept.text().append(EscapedText.of("y".repeat(step.size())));
                        store.grew(kept);
                    });
                case 4 ->
                    picked(running, step).ifPresent(kept -> {
                        running.remove(kept);
                        kept.text().trim();
                        store.ended(kept, step.size() % 3 == 0 ? failed() : finished(kept.id(), FinishReason.STOP));
                    });
                case 5 ->
                    picked(running, step)
                            .filter(kept -> store.attach(kept) == Attached.Answer.ATTACHED)
                            .ifPresent(read::add);
                case 6 ->
                    picked(read, step).ifPresent(kept -> {
                        read.remove(kept);
                        store.detach(kept, 1);
                    });
                default -> pass(Duration.ofSeconds(step.size() / 20));
            }
            assertBounds(running, read, pending);
        }
        assertThat(forgotten).doesNotHaveDuplicates();
    }

    private void assertBounds(List<KeptGeneration> running, List<KeptGeneration> read, List<Claim> pending) {
        Set<KeptGeneration> held = new HashSet<>(running);
        held.addAll(read);
        long heldBytes = held.stream().mapToLong(kept -> kept.countedBytes).sum();
        assertThat(store.bytes()).isLessThanOrEqualTo(Math.max(3000, heldBytes));
        assertThat(store.generations() + pending.size()).isLessThanOrEqualTo(8);
        assertThat(store.pending()).isEqualTo(pending.size());
        assertThat(store.readers()).isEqualTo(read.size());
        held.forEach(
                kept -> assertThat(store.find(kept.id(), kept.facts().owner())).isPresent());
    }

    private static Optional<KeptGeneration> picked(List<KeptGeneration> from, Step step) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(step.which() % from.size()));
    }

    @Provide
    Arbitrary<List<Step>> runs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(0, 900))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
