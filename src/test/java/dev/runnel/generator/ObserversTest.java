package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.EscapedText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private Observers observers;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        Context context = vertx.getOrCreateContext();
        loop = ((ContextInternal) context).succeededFuture();
        MessageCodecs.register(vertx.eventBus());
        vertx.eventBus().<Delta>addOutboundInterceptor(delivery -> {
            published.incrementAndGet();
            delivery.next();
        });
        observers = new Observers(context);
    }

    private MessageConsumer<Delta> observe() throws TimeoutException {
        MessageConsumer<Delta> consumer = loop.map(turn -> vertx.eventBus()
                        .<Delta>consumer(
                                Addresses.DELTAS,
                                message -> received.add(message.body().sequence())))
                .await(10, TimeUnit.SECONDS);
        consumer.completion().await(10, TimeUnit.SECONDS);
        return consumer;
    }

    private void generation(int from, int to) throws TimeoutException {
        loop.andThen(turn -> IntStream.range(from, to)
                        .forEach(sequence -> observers.publish(new Delta("gen_x", sequence, EscapedText.of("a"), 1))))
                .await(10, TimeUnit.SECONDS);
        // The deltas are received in the next turn.
        loop.andThen(turn -> {}).await(10, TimeUnit.SECONDS);
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
        observer.unregister().await(10, TimeUnit.SECONDS);
        published.set(0);

        generation(0, 1600);

        assertThat(published.get()).isBetween(2, 27);
    }
}
