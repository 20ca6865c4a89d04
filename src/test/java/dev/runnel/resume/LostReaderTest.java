package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Attached;
import dev.runnel.message.Detach;
import dev.runnel.message.KeptEntry;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A guardian and a reader on another node, whose messages are lost or late. Both are on one bus. */
@ExtendWith(VertxExtension.class)
class LostReaderTest {

    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 24, 10, 2);

    private final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 24, 1 << 24),
            new MemoryMeters(new SimpleMeterRegistry(), EnumSet.allOf(HeldBytes.Bound.class)));
    private final KeptGenerations store =
            new KeptGenerations(CONFIG, new ResumeMeters(new SimpleMeterRegistry()), System::nanoTime);
    private Vertx vertx;
    /** Complete: what is composed with one runs on its event loop. */
    private Future<Void> here;

    private Future<Void> there;
    private OtherNodes nodes;
    private GenerationClient client;
    private Guardian readers;
    private Play play;

    @BeforeEach
    void start(Vertx its) throws Exception {
        vertx = its;
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        here = ((VertxInternal) vertx).createEventLoopContext().succeededFuture();
        there = ((VertxInternal) vertx).createEventLoopContext().succeededFuture();
        PlayedGenerator generator = new PlayedGenerator(vertx).start();
        client = here.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        Guardian guardian = here.map(turn -> new Guardian(vertx, client, CONFIG, store, memory))
                .await(10, TimeUnit.SECONDS);
        readers = there.compose(turn -> GenerationClient.create(vertx))
                .map(other -> new Guardian(
                        vertx,
                        other,
                        CONFIG,
                        new KeptGenerations(CONFIG, new ResumeMeters(new SimpleMeterRegistry()), System::nanoTime),
                        memory))
                .await(10, TimeUnit.SECONDS);
        var granted = (ClaimAnswer.Granted) store.claim(new ClaimRequest("ada", "key", "request", false));
        var request = new Guardian.Request("story", true, "key", 0, KeptRequest.NONE);
        Future<KeptGeneration> keeping = here.compose(turn -> client.submit(GenerationRequest.of("x")))
                .compose(generation -> guardian.keep(granted.claim(), generation, request));
        play = generator.accept();
        KeptGeneration kept = keeping.await(10, TimeUnit.SECONDS);
        play.say("Once");
        await().until(() -> kept.text().utf8Length() == 4);
    }

    private Future<Attachment> attaching() {
        var entry = new KeptEntry(play.id(), "ada", "story", true, client.inbox(), "far", 0, "", "");
        var kept = KeptGeneration.ofOtherNode(entry, KeptRequest.NONE);
        return there.compose(turn -> readers.attach(kept));
    }

    private Attachment attach() throws Exception {
        return attaching().await(10, TimeUnit.SECONDS);
    }

    private void leave(Attachment reader) throws Exception {
        there.andThen(turn -> reader.leave()).await(10, TimeUnit.SECONDS);
    }

    /** The first so many messages that say that a reader has left are lost. */
    private void loseLeavings(int count) {
        var left = new AtomicInteger(count);
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            if (!(delivery.message().body() instanceof Detach) || left.getAndDecrement() <= 0) {
                delivery.next();
            }
        });
    }

    @Test
    void readerWhoseAttachIsAnsweredTooLateIsReleased() throws Exception {
        BlockingQueue<DeliveryContext<Object>> answers = new LinkedBlockingQueue<>();
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (delivery.message().body() instanceof Attached) {
                answers.add(delivery);
            } else {
                delivery.next();
            }
        });
        Future<Attachment> attaching = attaching();
        DeliveryContext<Object> late = answers.take();
        assertThat(store.readers()).isEqualTo(1);

        nodes.gone("far");
        await().until(attaching::failed);
        here.andThen(turn -> late.next()).await(10, TimeUnit.SECONDS);

        await().until(() -> store.readers() == 0);
    }

    @Test
    void leavingThatWasLostIsRepeated() throws Exception {
        Attachment reader = attach();
        loseLeavings(1);

        leave(reader);

        await().until(() -> store.readers() == 0);
    }

    @Test
    void newReaderGetsTheWholeTextAlthoughTheOneBeforeIsNotKnownToHaveLeft() throws Exception {
        loseLeavings(Integer.MAX_VALUE);
        leave(attach());

        Attachment again = attach();

        assertThat(again.text().utf8Length()).isEqualTo(4);
        assertThat(store.readers()).isEqualTo(1);
    }

    /** A machine that was paused does not know it: its clock stood still. */
    @Test
    void readerOfANodeThatWasNotHeardGetsAnEnd() throws Exception {
        Attachment reader = attach();

        here.andThen(turn -> nodes.consumersGone("self")).await(10, TimeUnit.SECONDS);

        GenerationException failure = catchThrowableOfType(
                GenerationException.class, () -> reader.end().await(10, TimeUnit.SECONDS));
        assertThat(failure.failure().code()).isEqualTo(FailureCode.CLUSTER);
        await().until(() -> store.readers() == 0);
    }
}
