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
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Finished;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two guardians on one bus, each with a store of its own as on two nodes. Messages to the readers at the second one are
 * lost.
 */
@ExtendWith(VertxExtension.class)
class TextCopyGapTest {

    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 24, 10, 2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 24, 1 << 24), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    private final Map<String, KeptEntry> entries = new ConcurrentHashMap<>();
    /** Complete: what is composed with one runs on its event loop. */
    private Future<Void> here;

    private Future<Void> there;
    private PlayedGenerator generator;
    private GenerationClient client;
    private GenerationClient readers;
    private KeptGenerations store;
    private KeptGenerations otherStore;
    private Guardian guardian;
    private Guardian other;
    private OtherNodes nodes;

    private final GenerationDirectory directory = new GenerationDirectory() {

        @Override
        public Future<Void> add(KeptEntry entry) {
            entries.put(entry.generationId(), entry);
            return Future.succeededFuture();
        }

        @Override
        public void remove(String id, String guardian) {
            entries.remove(id);
        }

        @Override
        public void forget(String id) {
            entries.remove(id);
        }

        @Override
        public boolean isMember(String node) {
            return true;
        }

        @Override
        public Future<Optional<KeptEntry>> find(String id) {
            return Future.succeededFuture(Optional.ofNullable(entries.get(id)));
        }
    };

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        here = onLoop(vertx);
        there = onLoop(vertx);
        generator = new PlayedGenerator(vertx).start();
        store = new KeptGenerations(CONFIG, new ResumeMeters(registry), System::nanoTime, directory);
        otherStore =
                new KeptGenerations(CONFIG, new ResumeMeters(new SimpleMeterRegistry()), System::nanoTime, directory);
        client = here.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        readers = there.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        guardian = here.map(turn -> new Guardian(vertx, client, CONFIG, store, memory))
                .await(10, TimeUnit.SECONDS);
        other = there.map(turn -> new Guardian(vertx, readers, CONFIG, otherStore, memory))
                .await(10, TimeUnit.SECONDS);
    }

    private static Future<Void> onLoop(Vertx vertx) {
        return ((VertxInternal) vertx).createEventLoopContext().succeededFuture();
    }

    private Play startGeneration() throws Exception {
        var granted = (ClaimAnswer.Granted) store.claim(new ClaimRequest("ada", "key", "request", false));
        var request = new Guardian.Request("story", true, "key", 0, KeptRequest.NONE);
        Future<KeptGeneration> keeping = here.compose(turn -> client.submit(GenerationRequest.of("x")))
                .compose(generation -> guardian.keep(granted.claim(), generation, request));
        Play play = generator.accept();
        keeping.await(10, TimeUnit.SECONDS);
        return play;
    }

    private Attachment attach(Play play) throws Exception {
        return there.compose(turn -> otherStore.findElsewhere(play.id(), "ada"))
                .compose(found -> other.attach(found.orElseThrow()))
                .await(10, TimeUnit.SECONDS);
    }

    private void leave(Attachment reader) throws Exception {
        there.andThen(turn -> reader.leave()).await(10, TimeUnit.SECONDS);
    }

    private static String text(Attachment reader) {
        Transcript transcript = new Transcript();
        transcript.show(reader.text());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript.copyTo(bytes::write);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private FailureCode failure(Attachment reader) {
        return catchThrowableOfType(
                        GenerationException.class, () -> reader.end().await(10, TimeUnit.SECONDS))
                .failure()
                .code();
    }

    /** The guardian's node says how far it has sent the text to the readers' inbox. */
    private void compare(Play play, long reader, long next) {
        var sent = new SentTexts(readers.inbox(), List.of(new SentText(play.id(), reader, next)));
        nodes.heard(new Heartbeat("self", 1, 1, "secret", 1, List.of(), List.of(), List.of(sent)));
    }

    /** The connection to the readers' node breaks: nothing of this kind arrives there. */
    private void lose(Vertx vertx, Class<?> kind) {
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            boolean isLost = kind.isInstance(delivery.message().body())
                    && delivery.message().address().equals(readers.inbox());
            if (!isLost) {
                delivery.next();
            }
        });
    }

    @Test
    void lostEndIsNoticed(Vertx vertx) throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment reader = attach(play);
        lose(vertx, Finished.class);
        play.finish();
        await().until(() -> store.find(play.id(), "ada").orElseThrow().outcome().isPresent());

        // One text, and the end.
        compare(play, 1, 3);

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
        assertThat(text(reader)).isEqualTo("Once");
    }

    @Test
    void lostTextSoFarIsNoticed(Vertx vertx) throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        lose(vertx, Delta.class);
        Promise<Attachment> attaching = Promise.promise();
        there.compose(turn -> otherStore.findElsewhere(play.id(), "ada"))
                .compose(found -> other.attach(found.orElseThrow()))
                .onComplete(attaching);
        await().until(() -> store.readers() == 1);
        there.await(10, TimeUnit.SECONDS);

        await().until(() -> {
            compare(play, 1, 2);
            return attaching.future().isComplete();
        });

        assertThat(failure(attaching.future().await())).isEqualTo(FailureCode.CLUSTER);
    }

    @Test
    void numbersOfEarlierReadersAreNotCompared() throws Exception {
        Play play = startGeneration();
        Attachment first = attach(play);
        leave(first);
        Attachment second = attach(play);

        compare(play, 1, 9);
        compare(play, 2, 2);
        play.say("Once").finish();
        second.end().await(10, TimeUnit.SECONDS);

        assertThat(text(second)).isEqualTo("Once");
    }

    @Test
    void lostLeaveOfAReaderIsSentAgain(Vertx vertx) throws Exception {
        Play play = startGeneration();
        Attachment reader = attach(play);
        Set<Object> lost = ConcurrentHashMap.newKeySet();
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (!(delivery.message().body() instanceof Detach) || !lost.add("first")) {
                delivery.next();
            }
        });

        leave(reader);

        await().until(() -> store.readers() == 0);
    }
}
