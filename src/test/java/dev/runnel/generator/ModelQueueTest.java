package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ModelFacts;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelQueueTest {

    private static final long SECOND = 1_000_000_000L;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private long nanos;

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    private ModelQueue queue(int sequences, int cells, int capacity) {
        return new ModelQueue(new ModelFacts(0, sequences, cells), capacity, () -> nanos);
    }

    private Ticket ticket(int cells) {
        return new Ticket("key", cells, context, () -> {});
    }

    private Ticket entered(ModelQueue queue, int cells) {
        Ticket ticket = ticket(cells);
        assertThat(queue.enter(ticket)).isTrue();
        return ticket;
    }

    @Test
    void placesGoInTheOrderOfArrival() {
        ModelQueue queue = queue(1, 10, 3);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tickets.add(entered(queue, 1));
        }
        assertThat(queue.enter(ticket(1))).isFalse();
        assertThat(queue.isFull()).isTrue();

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
    void whoeverLeavesTheQueueLetsTheNextIn() {
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
        queue.enter(new Ticket("key", 1, context, () -> called.complete(Vertx.currentContext())));

        queue.leave(first);

        assertThat(called.get(5, TimeUnit.SECONDS)).isEqualTo(context);
    }

    @Test
    void queueWithoutPlacesLetsRunOrRefuses() {
        ModelQueue queue = queue(1, 10, 0);
        assertThat(queue.isFull()).isFalse();
        Ticket only = entered(queue, 1);
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.enter(ticket(1))).isFalse();

        queue.leave(only);
        assertThat(queue.enter(ticket(1))).isTrue();
    }

    @Test
    void retryAfterFollowsHowFastPlacesComeFree() {
        ModelQueue queue = queue(1, 10, 3);
        for (int round = 0; round < 4; round++) {
            Ticket running = entered(queue, 1);
            nanos += 2 * SECOND;
            queue.leave(running);
        }
        for (int i = 0; i < 4; i++) {
            entered(queue, 1);
        }

        assertThat(queue.isFull()).isTrue();
        assertThat(queue.retryAfterSeconds()).isEqualTo(2 * (3 + 1));
    }
}
