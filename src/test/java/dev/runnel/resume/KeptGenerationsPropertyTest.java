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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The bounds of kept generations, whatever happens. */
class KeptGenerationsPropertyTest {

    private static final long MAX_BYTES = 3000;
    private static final int MAX_GENERATIONS = 8;

    private enum Kind {
        START,
        CLAIM,
        RELEASE,
        GROW,
        END,
        ATTACH,
        LEAVE,
        PASS
    }

    /** One step of a random run. */
    private record Step(Kind kind, String owner, int which, int size) {}

    @Property(tries = 300)
    void boundsHoldWhateverHappens(@ForAll("runs") List<Step> steps) {
        Run run = new Run();
        for (Step step : steps) {
            run.make(step);
            run.assertBounds();
        }
        run.end();
        assertThat(run.forgotten).doesNotHaveDuplicates();
    }

    private static final class Run {

        private long nanos;
        private int number;
        private final List<String> forgotten = new ArrayList<>();
        private final List<KeptGeneration> running = new ArrayList<>();
        private final List<KeptGeneration> read = new ArrayList<>();
        private final List<Claim> pending = new ArrayList<>();
        private final KeptGenerations store = new KeptGenerations(
                new ResumeConfig(Duration.ofSeconds(30), Duration.ofSeconds(60), MAX_BYTES, MAX_GENERATIONS, 2),
                new ResumeMeters(new SimpleMeterRegistry()),
                () -> nanos);

        void make(Step step) {
            switch (step.kind()) {
                case START -> claim(step).ifPresent(claim -> start(claim, step.owner()));
                case CLAIM -> claim(step).ifPresent(pending::add);
                case RELEASE ->
                    pending.stream().findFirst().ifPresent(claim -> {
                        pending.remove(claim);
                        store.release(claim);
                    });
                case GROW ->
                    picked(running, step).ifPresent(kept -> {
                        kept.text().append(EscapedText.of("y".repeat(step.size())));
                        store.grew(kept);
                    });
                case END -> picked(running, step).ifPresent(kept -> end(kept, step.size() % 3 == 0));
                case ATTACH ->
                    picked(running, step)
                            .filter(kept -> store.attach(kept) == Attached.Answer.ATTACHED)
                            .ifPresent(read::add);
                case LEAVE ->
                    picked(read, step).ifPresent(kept -> {
                        read.remove(kept);
                        store.detach(kept, 1);
                    });
                case PASS -> nanos += Duration.ofSeconds(step.size() / 20).toNanos();
            }
        }

        private Optional<Claim> claim(Step step) {
            ClaimAnswer answer = store.claim(new ClaimRequest(step.owner(), "key " + number++, "request", false));
            return answer instanceof ClaimAnswer.Granted granted ? Optional.of(granted.claim()) : Optional.empty();
        }

        private void start(Claim claim, String owner) {
            String id = "g" + number;
            running.add(store.keep(claim, new Facts(id, owner, "m", true, "inbox", 0), () -> forgotten.add(id)));
        }

        private void end(KeptGeneration kept, boolean fails) {
            running.remove(kept);
            kept.text().trim();
            Future<Finished> failed =
                    Future.failedFuture(new GenerationException(Failure.of(FailureCode.ENGINE_FAILED, "broken")));
            Future<Finished> finished =
                    Future.succeededFuture(new Finished(kept.id(), 1, FinishReason.STOP, Usage.NONE));
            store.ended(kept, fails ? failed : finished);
        }

        private static Optional<KeptGeneration> picked(List<KeptGeneration> from, Step step) {
            return from.isEmpty() ? Optional.empty() : Optional.of(from.get(step.which() % from.size()));
        }

        /** After the end of everything there is as much room as at the start. */
        void end() {
            pending.forEach(store::release);
            read.forEach(kept -> store.detach(kept, 1));
            List.copyOf(running).forEach(kept -> end(kept, false));
            nanos += Duration.ofMinutes(2).toNanos();
            store.expire();
            assertThat(store.generations()).isZero();
            assertThat(store.bytes()).isZero();
            for (int i = 0; i < MAX_GENERATIONS; i++) {
                String owner = i < MAX_GENERATIONS / 2 ? "ada" : "bob";
                assertThat(store.claim(new ClaimRequest(owner, "last " + i, "request", false)))
                        .isInstanceOf(ClaimAnswer.Granted.class);
            }
        }

        void assertBounds() {
            Set<KeptGeneration> held = new HashSet<>(running);
            held.addAll(read);
            long heldBytes = held.stream().mapToLong(kept -> kept.countedBytes).sum();
            // Texts that may be dropped are within the bound, after at most half of it for each owner's other texts.
            assertThat(store.bytes() - heldBytes).isLessThanOrEqualTo(Math.max(0, MAX_BYTES - bounded(held)));
            assertThat(store.generations() + pending.size()).isLessThanOrEqualTo(MAX_GENERATIONS);
            assertThat(store.pending()).isEqualTo(pending.size());
            assertThat(store.readers()).isEqualTo(read.size());
            held.forEach(kept ->
                    assertThat(store.find(kept.id(), kept.facts().owner())).isPresent());
        }

        private static long bounded(Set<KeptGeneration> held) {
            Map<String, Long> bytes = new HashMap<>();
            held.forEach(kept -> bytes.merge(kept.facts().owner(), kept.countedBytes, Long::sum));
            return bytes.values().stream()
                    .mapToLong(sum -> Math.min(sum, MAX_BYTES / 2))
                    .sum();
        }
    }

    @Provide
    Arbitrary<List<Step>> runs() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.of("ada", "bob", "cyd"),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(0, 900))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
