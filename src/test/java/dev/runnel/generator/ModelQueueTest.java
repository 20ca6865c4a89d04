package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ModelFacts;
import dev.runnel.generator.ModelQueue.Full;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ModelQueueTest {

    private static final long SECOND = 1_000_000_000L;

    private final Context context;
    private long nanos;

    ModelQueueTest(Vertx vertx) {
        context = vertx.getOrCreateContext();
    }

    private ModelQueue queue(int sequences, int cells, int capacity) {
        return new ModelQueue(new ModelFacts(0, sequences, cells), capacity, () -> nanos);
    }

    private Ticket ticket(int cells) {
        return ticket("key", cells);
    }

    private Ticket ticket(String keyId, int cells) {
        return new Ticket(KeyShare.whole(keyId), cells, context, () -> {}, seconds -> {});
    }

    private Ticket entered(ModelQueue queue, int cells) {
        return entered(queue, "key", cells);
    }

    private Ticket entered(ModelQueue queue, String keyId, int cells) {
        Ticket ticket = ticket(keyId, cells);
        assertThat(queue.enter(ticket)).isEmpty();
        return ticket;
    }

    @Test
    void expectedWaitIsThatOfATicketAfterAllOthers() {
        ModelQueue queue = queue(2, 10, 6);
        Ticket first = entered(queue, 1);
        assertThat(queue.expectedWait()).isZero();
        entered(queue, 1);
        entered(queue, 1);

        nanos += 10 * SECOND;
        assertThat(queue.expectedWait()).as("two turns, of two places").isEqualTo(Duration.ofSeconds(10));

        queue.leave(first);
        assertThat(queue.expectedWait()).as("one turn, of ten seconds each").isEqualTo(Duration.ofSeconds(10));
        nanos += 60 * SECOND;
        assertThat(queue.expectedWait()).as("stuck").isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void placesGoInTheOrderOfArrival() {
        ModelQueue queue = queue(1, 10, 6);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tickets.add(entered(queue, 1));
        }
        assertThat(queue.enter(ticket(1))).isPresent();

        for (int i = 0; i < 4; i++) {
            for (int j = i; j < 4; j++) {
                assertThat(queue.hasPlace(tickets.get(j))).isEqualTo(i == j);
            }
            queue.leave(tickets.get(i));
        }
        assertThat(queue.running() + queue.waiting() + queue.cells()).isZero();
    }

    @Test
    void bigOneIsNotPassedBySmallOnesThatWouldFit() {
        ModelQueue queue = queue(4, 10, 8);
        Ticket first = entered(queue, 6);
        Ticket big = entered(queue, 8);
        Ticket small = entered(queue, 1);

        assertThat(queue.hasPlace(big)).isFalse();
        assertThat(queue.hasPlace(small)).isFalse();

        queue.leave(first);
        assertThat(queue.hasPlace(big)).isTrue();
        assertThat(queue.hasPlace(small)).isTrue();
        assertThat(queue.cells()).isEqualTo(9);
    }

    @Test
    void ticketThatLeavesTheQueueLetsTheNextIn() {
        ModelQueue queue = queue(4, 10, 8);
        entered(queue, 6);
        Ticket big = entered(queue, 8);
        Ticket small = entered(queue, 1);

        queue.leave(big);

        assertThat(queue.hasPlace(small)).isTrue();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        ModelQueue queue = queue(2, 10, 8);
        Ticket first = entered(queue, 1);
        entered(queue, 1);
        Ticket waiting = entered(queue, 1);
        Ticket last = entered(queue, 1);

        queue.leave(first);
        queue.leave(first);

        assertThat(queue.hasPlace(waiting)).isTrue();
        assertThat(queue.hasPlace(last)).isFalse();
        assertThat(queue.running()).isEqualTo(2);
    }

    @Test
    void waiterIsCalledOnItsOwnContext() throws Exception {
        ModelQueue queue = queue(1, 10, 8);
        Ticket first = entered(queue, 1);
        var called = new CompletableFuture<Context>();
        queue.enter(new Ticket(
                KeyShare.whole("key"), 1, context, () -> called.complete(Vertx.currentContext()), seconds -> {}));

        queue.leave(first);

        assertThat(called.get(5, TimeUnit.SECONDS)).isEqualTo(context);
    }

    @Test
    void queueWithoutPlacesLetsRunOrRefuses() {
        ModelQueue queue = queue(1, 10, 0);
        assertThat(queue.fullFor(KeyShare.whole("key"))).isEmpty();
        Ticket only = entered(queue, 1);
        assertThat(queue.fullFor(KeyShare.whole("key"))).hasValue(new Full(false, 1));
        assertThat(queue.enter(ticket(1))).hasValue(new Full(false, 1));

        queue.leave(only);
        assertThat(queue.enter(ticket(1))).isEmpty();
    }

    @Test
    void retryAfterFollowsHowFastPlacesComeFree() {
        ModelQueue queue = queue(1, 10, 3);
        for (int round = 0; round < 4; round++) {
            Ticket running = entered(queue, 1);
            nanos += 2 * SECOND;
            queue.leave(running);
        }
        for (String key : List.of("one", "one", "two", "three")) {
            entered(queue, key, 1);
        }

        assertThat(queue.fullFor(KeyShare.whole("one"))).hasValue(new Full(false, 2 * (3 + 1)));
    }

    @Test
    void keysTakeTurns() {
        ModelQueue queue = queue(1, 10, 12);
        Ticket running = entered(queue, "a", 1);
        List<Ticket> a = List.of(entered(queue, "a", 1), entered(queue, "a", 1), entered(queue, "a", 1));
        List<Ticket> b = List.of(entered(queue, "b", 1), entered(queue, "b", 1));
        List<Ticket> withoutKey = List.of(entered(queue, "", 1));

        List<Ticket> turns = List.of(running, a.get(0), b.get(0), withoutKey.get(0), a.get(1), b.get(1), a.get(2));
        for (Ticket turn : turns) {
            assertThat(queue.hasPlace(turn)).isTrue();
            queue.leave(turn);
        }
        assertThat(queue.running() + queue.waiting() + queue.cells()).isZero();
    }

    @Test
    void keyWhoseNextLeavesKeepsItsTurn() {
        ModelQueue queue = queue(1, 10, 12);
        Ticket running = entered(queue, "a", 1);
        Ticket gone = entered(queue, "a", 1);
        Ticket second = entered(queue, "a", 1);
        Ticket other = entered(queue, "b", 1);

        queue.leave(gone);
        queue.leave(running);

        assertThat(queue.hasPlace(second)).isTrue();
        assertThat(queue.hasPlace(other)).isFalse();
    }

    @Test
    void oneKeyHoldsHalfOfTheQueueAndTheOthersTheRest() {
        ModelQueue queue = queue(1, 10, 5);
        entered(queue, "flood", 1);
        for (int i = 0; i < 3; i++) {
            entered(queue, "flood", 1);
        }

        assertThat(queue.fullFor(KeyShare.whole("flood")))
                .hasValueSatisfying(full -> assertThat(full.forItsKeyAlone()).isTrue());
        assertThat(queue.enter(ticket("flood", 1))).isEqualTo(queue.fullFor(KeyShare.whole("flood")));
        assertThat(queue.fullFor(KeyShare.whole("calm"))).isEmpty();

        entered(queue, "calm", 1);
        entered(queue, "calm", 1);
        assertThat(queue.enter(ticket("calm", 1)))
                .hasValueSatisfying(full -> assertThat(full.forItsKeyAlone()).isFalse());
    }

    @Test
    void keyWithoutWaitingTicketsGetsThePlaceOfTheYoungestOfTheKeyWithTheMost() throws Exception {
        ModelQueue queue = queue(1, 10, 6);
        Ticket running = entered(queue, "a", 1);
        nanos += 2 * SECOND;
        queue.leave(running);
        running = entered(queue, "a", 1);
        Ticket small = entered(queue, "a", 1);
        Ticket old = entered(queue, "b", 1);
        entered(queue, "b", 1);
        var displaced = new CompletableFuture<Integer>();
        var youngest = new Ticket(KeyShare.whole("b"), 1, context, () -> {}, displaced::complete);
        assertThat(queue.enter(youngest)).isEmpty();
        entered(queue, "c", 1);
        entered(queue, "c", 1);

        assertThat(queue.fullFor(KeyShare.whole("polite"))).isEmpty();
        Ticket polite = entered(queue, "polite", 1);

        assertThat(displaced.get(5, TimeUnit.SECONDS)).as("seconds").isEqualTo(queue.retryAfterSeconds("b"));
        assertThat(queue.waiting()).isEqualTo(6);
        queue.leave(youngest);
        assertThat(queue.waiting()).as("it has left").isEqualTo(6);
        for (Ticket turn : List.of(running, small, old)) {
            assertThat(queue.hasPlace(turn)).isTrue();
            queue.leave(turn);
        }
        entered(queue, "polite", 1);
        assertThat(queue.hasPlace(polite)).isFalse();
    }

    @Test
    void keyWithAWaitingTicketDisplacesNone() {
        ModelQueue queue = queue(1, 10, 4);
        for (String key : List.of("a", "a", "a", "b", "polite")) {
            entered(queue, key, 1);
        }

        assertThat(queue.fullFor(KeyShare.whole("polite")))
                .hasValueSatisfying(full -> assertThat(full.forItsKeyAlone()).isFalse());
        assertThat(queue.enter(ticket("polite", 1))).isEqualTo(queue.fullFor(KeyShare.whole("polite")));
    }

    @Test
    void onlyTicketOfAKeyIsNotDisplaced() {
        ModelQueue queue = queue(1, 10, 3);
        for (String key : List.of("a", "a", "b", "c")) {
            entered(queue, key, 1);
        }

        assertThat(queue.fullFor(KeyShare.whole("polite"))).isPresent();
        assertThat(queue.enter(ticket("polite", 1))).isPresent();
    }

    @Test
    void queueOfOnePlaceLetsAnyKeyWait() {
        ModelQueue queue = queue(1, 10, 1);
        entered(queue, "a", 1);
        entered(queue, "a", 1);

        assertThat(queue.enter(ticket("b", 1))).isPresent();
    }

    @Test
    void retryAfterOfAKeyFollowsItsOwnStanding() {
        ModelQueue queue = queue(1, 10, 20);
        Ticket running = entered(queue, "flood", 1);
        entered(queue, "flood", 1);
        nanos += 2 * SECOND;
        queue.leave(running);
        for (int i = 0; i < 10; i++) {
            entered(queue, "flood", 1);
        }
        entered(queue, "calm", 1);

        assertThat(queue.fullFor(KeyShare.whole("flood"))).hasValue(new Full(true, 2 * (10 + 1 + 1)));
        assertThat(queue.retryAfterSeconds("calm")).isEqualTo(2 * (2 + 2));
        assertThat(queue.retryAfterSeconds("newcomer")).isEqualTo(2 * 3);
    }

    @Test
    void headThatDoesNotFitIsNotPassedByOtherKeys() {
        ModelQueue queue = queue(4, 10, 8);
        Ticket first = entered(queue, "a", 6);
        Ticket big = entered(queue, "a", 8);
        List<Ticket> small = List.of(entered(queue, "b", 1), entered(queue, "c", 1));

        assertThat(small).noneMatch(queue::hasPlace);

        queue.leave(first);
        assertThat(queue.hasPlace(big)).isTrue();
        assertThat(small).allMatch(queue::hasPlace);
    }
}
