package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Loop;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.EscapedText;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An observer gets every delta; without observers the publishing costs next to nothing. */
@ExtendWith(VertxExtension.class)
class ObserversTest {

    private final AtomicInteger published = new AtomicInteger();
    private final List<Long> received = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Loop loop;
    private Observers observers;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        Context context = vertx.getOrCreateContext();
        loop = new Loop(context);
        MessageCodecs.register(vertx.eventBus());
        vertx.eventBus().<Delta>addOutboundInterceptor(delivery -> {
            published.incrementAndGet();
            delivery.next();
        });
        observers = new Observers(context);
    }

    private MessageConsumer<Delta> observe() throws TimeoutException {
        return loop.call(() -> {
            MessageConsumer<Delta> consumer = vertx.eventBus()
                    .consumer(
                            Addresses.DELTAS,
                            message -> received.add(message.body().sequence()));
            return consumer.completion().map(consumer);
        });
    }

    private void generation(int from, int to) throws TimeoutException {
        loop.run(() -> IntStream.range(from, to)
                .forEach(sequence -> observers.publish(new Delta("gen_x", sequence, EscapedText.of("a"), 1))));
        loop.run(() -> {});
    }

    @Test
    void observerGetsEveryDelta() throws Exception {
        observe();

        generation(0, 100);

        assertThat(received).hasSize(100).isSorted();
    }

    @Test
    void observerGetsAllOfAGenerationThatStartsLater() throws Exception {
        generation(0, 100);
        observe();

        generation(0, 100);

        assertThat(received).hasSize(100).isSorted();
    }

    @Test
    void observerOfARunningGenerationGetsTheRestFromOneOfTheNextDeltasOn() throws Exception {
        generation(0, 100);
        observe();

        generation(100, 200);

        assertThat(received.get(0)).isBetween(100L, 163L);
        assertThat(received).hasSize(200 - received.get(0).intValue()).isSorted();
    }

    @Test
    void withoutAnObserverAFewDeltasArePublished() throws Exception {
        generation(0, 1600);

        assertThat(published.get()).isBetween(2, 27);
    }

    @Test
    void afterTheObserverLeftAFewDeltasArePublished() throws Exception {
        MessageConsumer<Delta> observer = observe();
        generation(0, 100);
        loop.call(observer::unregister);
        published.set(0);

        generation(0, 1600);

        assertThat(published.get()).isBetween(2, 27);
    }
}
