package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ModelFacts;
import dev.runnel.generator.ModelQueue.Full;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;

/**
 * In any order of arrivals and departures, no ticket is lost, passed within its key, or kept waiting by one key alone.
 * No key runs more than its share, and no place stays empty while a ticket of another key waits.
 */
class FairQueueTest {

    private static final int STEPS = 600;

    /** The shares of keys. */
    private static final List<Integer> PERCENTS = List.of(1, 25, 34, 50, 100, 100);

    /** Its own: jqwik runs properties without the extensions of JUnit. */
    private final Vertx vertx = Vertx.vertx();

    private final Context context = vertx.getOrCreateContext();

    @AfterProperty
    void close() throws Exception {
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    @Property(tries = 300)
    void queueIsFairAndLosesNoTicket(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int sequences,
            @ForAll @IntRange(min = 1, max = 30) int cells,
            @ForAll @IntRange(min = 0, max = 21) int capacity) {
        var history = new History(new Random(seed), new ModelFacts(0, sequences, cells), capacity);
        for (int step = 0; step < STEPS; step++) {
            history.step();
        }
        history.drain();
    }

    /** Random arrivals and departures, each checked against what the rules say. */
    private final class History {

        private final Random random;
        private final ModelFacts facts;
        private final int capacity;
        private final ModelQueue queue;

        private final List<Ticket> waiting = new ArrayList<>();
        private final List<Ticket> running = new ArrayList<>();

        private final Map<String, Integer> percents = new HashMap<>();

        /**
         * For each that waits: how often other keys had a turn since it is the first of its own and its key is below
         * its share.
         */
        private final Map<Ticket, Map<String, Integer>> passes = new HashMap<>();

        History(Random random, ModelFacts facts, int capacity) {
            this.random = random;
            this.facts = facts;
            this.capacity = capacity;
            this.queue = new ModelQueue(facts, capacity, () -> 0);
        }

        void step() {
            int what = random.nextInt(10);
            if (what < 5) {
                arrive();
            } else if (what < 9) {
                leave(running);
            } else {
                leave(waiting);
            }
            check();
        }

        /** The key "flood" asks as often as all others together. */
        private void arrive() {
            String key = random.nextBoolean() ? "flood" : random.nextInt(4) == 0 ? "" : "key-" + random.nextInt(4);
            var share = new KeyShare(key, percentOf(key) / 100.0);
            var ticket = new Ticket(share, 1 + random.nextInt(facts.cells()), context, () -> {}, seconds -> {});
            long ofKey = waitingOf(key);
            boolean mayWait = waiting.size() < capacity && ofKey < (capacity + 1) / 2;
            boolean othersMayRun = firstInTurn().isEmpty() && running.size() < facts.sequences();
            boolean runs = othersMayRun && ofKey == 0 && !isAtItsShare(key) && fits(ticket);
            long most = waiting.stream()
                    .mapToLong(other -> waitingOf(other.keyId()))
                    .max()
                    .orElse(0);
            boolean displaces = waiting.size() == capacity && ofKey == 0 && most > 1;

            Optional<Full> foretold = queue.fullFor(share);
            Optional<Full> full = queue.enter(ticket);

            assertThat(full.isEmpty()).isEqualTo(runs || mayWait || displaces);
            full.ifPresent(
                    why -> assertThat(why.forItsKeyAlone()).isEqualTo(waiting.size() < capacity || othersMayRun));
            if (foretold.isPresent()) {
                assertThat(full).isEqualTo(foretold);
            }
            if (displaces && !runs) {
                displaced(most);
            }
            if (full.isEmpty()) {
                (runs ? running : waiting).add(ticket);
            }
        }

        private void displaced(long most) {
            List<Ticket> gone = waiting.stream()
                    .filter(other -> other.phase == Ticket.Phase.LEFT)
                    .toList();
            assertThat(gone).hasSize(1);
            String key = gone.get(0).keyId();
            assertThat(waitingOf(key)).as("its key has the most").isEqualTo(most);
            assertThat(waiting.stream().filter(other -> other.keyId().equals(key)))
                    .as("it is the youngest of its key")
                    .endsWith(gone.get(0));
            waiting.removeAll(gone);
        }

        private int percentOf(String key) {
            return percents.computeIfAbsent(key, some -> PERCENTS.get(random.nextInt(PERCENTS.size())));
        }

        private int mostOf(String key) {
            return (percentOf(key) * facts.sequences() + 99) / 100;
        }

        private long runningOf(String key) {
            return running.stream().filter(ticket -> ticket.keyId().equals(key)).count();
        }

        private boolean isAtItsShare(String key) {
            return runningOf(key) >= mostOf(key);
        }

        private boolean fits(Ticket ticket) {
            int taken = running.stream().mapToInt(Ticket::cells).sum();
            return running.size() < facts.sequences() && taken + ticket.cells() <= facts.cells();
        }

        private long waitingOf(String key) {
            return waiting.stream().filter(ticket -> ticket.keyId().equals(key)).count();
        }

        private void leave(List<Ticket> some) {
            if (some.isEmpty()) {
                return;
            }
            Ticket ticket = some.remove(random.nextInt(some.size()));
            passes.remove(ticket);
            queue.leave(ticket);
            if (random.nextInt(4) == 0) {
                queue.leave(ticket);
            }
            letIn();
        }

        private void letIn() {
            List<Ticket> served = waiting.stream().filter(queue::hasPlace).toList();
            for (Ticket ticket : served) {
                assertThat(waiting.stream()
                                .filter(other -> other.keyId().equals(ticket.keyId()))
                                .limit(served.stream()
                                        .filter(other -> other.keyId().equals(ticket.keyId()))
                                        .count()))
                        .as("the first of its key")
                        .contains(ticket);
            }
            waiting.removeAll(served);
            running.addAll(served);
            served.forEach(passes::remove);
            firstOfEachKey().forEach((key, first) -> served.forEach(ticket -> passed(first, ticket)));
        }

        /** A key may have one turn before mine; a second one only if I became the first of my key in between. */
        private void passed(Ticket first, Ticket by) {
            if (!passes.containsKey(first)) {
                return;
            }
            int turns = passes.get(first).merge(by.keyId(), 1, Integer::sum);
            assertThat(turns)
                    .as("turns of %s before one of %s", by.keyId(), first.keyId())
                    .isEqualTo(1);
        }

        private Map<String, Ticket> firstOfEachKey() {
            Map<String, Ticket> first = new HashMap<>();
            waiting.forEach(ticket -> first.putIfAbsent(ticket.keyId(), ticket));
            return first;
        }

        /** The first of each key that is below its share. */
        private List<Ticket> firstInTurn() {
            return firstOfEachKey().values().stream()
                    .filter(ticket -> !isAtItsShare(ticket.keyId()))
                    .toList();
        }

        private void check() {
            assertThat(queue.waiting()).isEqualTo(waiting.size()).isLessThanOrEqualTo(capacity);
            assertThat(queue.running()).isEqualTo(running.size()).isLessThanOrEqualTo(facts.sequences());
            assertThat(queue.cells())
                    .isEqualTo(running.stream().mapToInt(Ticket::cells).sum())
                    .isLessThanOrEqualTo(facts.cells());
            assertThat(running).allMatch(queue::hasPlace);
            assertThat(waiting).noneMatch(queue::hasPlace);
            Map<String, Ticket> first = firstOfEachKey();
            first.forEach((key, ticket) -> {
                assertThat(waitingOf(key)).isLessThanOrEqualTo((capacity + 1) / 2);
                if (isAtItsShare(key)) {
                    passes.remove(ticket);
                } else {
                    passes.computeIfAbsent(ticket, none -> new HashMap<>());
                }
            });
            assertThat(running)
                    .as("no key runs more than its share")
                    .allMatch(ticket -> runningOf(ticket.keyId()) <= mostOf(ticket.keyId()));
            assertThat(firstInTurn().isEmpty() || firstInTurn().stream().anyMatch(ticket -> !fits(ticket)))
                    .as("no ticket of a key below its share waits while there is room")
                    .isTrue();
        }

        /** Every waiting ticket gets a place when the others leave. */
        void drain() {
            while (!running.isEmpty()) {
                leave(running);
                check();
            }
            assertThat(List.of(waiting.size(), queue.waiting(), queue.running(), queue.cells()))
                    .containsOnly(0);
        }
    }
}
