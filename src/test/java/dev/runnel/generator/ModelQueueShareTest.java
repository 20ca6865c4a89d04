package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ModelFacts;
import dev.runnel.generator.ModelQueue.Full;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys that may use a share of a model's places. */
@ExtendWith(VertxExtension.class)
class ModelQueueShareTest {

    private static final long SECOND = 1_000_000_000L;

    private final Context context;
    private long nanos;

    ModelQueueShareTest(Vertx vertx) {
        context = vertx.getOrCreateContext();
    }

    private ModelQueue queue(int sequences, int capacity) {
        return new ModelQueue(new ModelFacts(0, sequences, 10), capacity, () -> nanos);
    }

    private Ticket ticket(KeyShare key) {
        return new Ticket(key, 1, context, () -> {}, seconds -> {});
    }

    private List<Ticket> entered(ModelQueue queue, KeyShare key, int tickets) {
        List<Ticket> all = new ArrayList<>();
        for (int i = 0; i < tickets; i++) {
            all.add(ticket(key));
            assertThat(queue.enter(all.get(i))).isEmpty();
        }
        return all;
    }

    @Test
    void keyAtItsShareWaitsAlthoughPlacesAreFree() {
        ModelQueue queue = queue(4, 8);
        List<Ticket> half = entered(queue, new KeyShare("half", 0.5), 3);

        assertThat(half).filteredOn(queue::hasPlace).containsExactlyElementsOf(half.subList(0, 2));
        assertThat(queue.expectedWait()).as("of another key").isZero();

        Ticket other = entered(queue, KeyShare.whole("other"), 1).get(0);
        assertThat(queue.hasPlace(other)).isTrue();
        queue.leave(other);
        assertThat(queue.hasPlace(half.get(2))).isFalse();
        queue.leave(half.get(0));
        assertThat(queue.hasPlace(half.get(2))).isTrue();
    }

    @Test
    void shareIsRoundedUpToWholePlaces() {
        assertThat(new KeyShare("key", 0.07).of(100)).isEqualTo(7);
        assertThat(new KeyShare("key", 0.071).of(100)).isEqualTo(8);
        assertThat(new KeyShare("key", Double.MIN_VALUE).of(8)).isEqualTo(1);
        assertThat(new KeyShare("key", 0.99).of(1)).isEqualTo(1);
        assertThat(KeyShare.whole("key").of(8)).isEqualTo(8);
    }

    @Test
    void keyThatWaitsForItsShareIsPassedAndKeepsItsTurn() {
        ModelQueue queue = queue(2, 8);
        List<Ticket> half = entered(queue, new KeyShare("half", 0.5), 2);
        List<Ticket> others = Stream.of("a", "b", "c")
                .map(key -> entered(queue, KeyShare.whole(key), 1).get(0))
                .toList();

        queue.leave(others.get(0));
        assertThat(queue.hasPlace(others.get(1))).as("it passes").isTrue();
        assertThat(queue.hasPlace(half.get(1))).isFalse();

        queue.leave(half.get(0));
        assertThat(queue.hasPlace(half.get(1))).as("its turn was before").isTrue();
        assertThat(queue.hasPlace(others.get(2))).isFalse();
    }

    @Test
    void keyAtItsShareIsRefusedAloneWhereNoneMayWait() {
        ModelQueue queue = queue(2, 0);
        var half = new KeyShare("half", 0.5);
        entered(queue, half, 1);

        assertThat(queue.fullFor(half)).hasValue(new Full(true, 1));
        assertThat(queue.enter(ticket(half))).hasValue(new Full(true, 1));
        assertThat(queue.fullFor(KeyShare.whole("other"))).isEmpty();
    }

    @Test
    void retryAfterOfAKeyAtItsShareFollowsItsOwnPlaces() {
        ModelQueue queue = queue(4, 20);
        var quarter = new KeyShare("quarter", 0.25);
        List<Ticket> running = entered(queue, quarter, 1);
        List<Ticket> others = entered(queue, KeyShare.whole("other"), 3);
        entered(queue, quarter, 2);
        nanos += 2 * SECOND;
        queue.leave(others.get(0));
        entered(queue, KeyShare.whole("other"), 1);

        assertThat(queue.retryAfterSeconds("quarter"))
                .as("three turns of one place of four")
                .isEqualTo(2 * 3 * 4);

        queue.leave(running.get(0));
        assertThat(queue.running()).isEqualTo(4);
    }

    @Test
    void ticketsThatWaitForTheirShareAreDisplacedToo() {
        ModelQueue queue = queue(2, 4);
        List<Ticket> half = entered(queue, new KeyShare("half", 0.5), 3);
        entered(queue, KeyShare.whole("other"), 3);

        entered(queue, KeyShare.whole("polite"), 1);

        assertThat(half.get(2).phase).isEqualTo(Ticket.Phase.LEFT);
        assertThat(queue.waiting()).isEqualTo(4);
    }
}
