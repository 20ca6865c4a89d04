package dev.runnel.resume;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.KeptEntry;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two guardians on one bus, each with a store of its own as on two nodes. The readers are at the second one. */
@ExtendWith(VertxExtension.class)
abstract class TwoGuardians {

    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 24, 10, 2);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 24, 1 << 24), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    final Map<String, KeptEntry> entries = new ConcurrentHashMap<>();
    /** Complete: what is composed with one runs on its event loop. */
    Future<Void> here;

    Future<Void> there;
    PlayedGenerator generator;
    GenerationClient client;
    GenerationClient readers;
    KeptGenerations store;
    KeptGenerations otherStore;
    Guardian guardian;
    Guardian other;
    OtherNodes nodes;

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

    Play startGeneration() throws Exception {
        var granted = (ClaimAnswer.Granted) store.claim(new ClaimRequest("ada", "key", "request", false));
        var request = new Guardian.Request("story", true, "key", 0, KeptRequest.NONE);
        Future<KeptGeneration> keeping = here.compose(turn -> client.submit(GenerationRequest.of("x")))
                .compose(generation -> guardian.keep(granted.claim(), generation, request));
        Play play = generator.accept();
        keeping.await(10, TimeUnit.SECONDS);
        return play;
    }

    Attachment attach(Play play) throws Exception {
        return there.compose(turn -> otherStore.findElsewhere(play.id(), "ada"))
                .compose(found -> other.attach(found.orElseThrow()))
                .await(10, TimeUnit.SECONDS);
    }

    Attachment look(Play play) throws Exception {
        return there.compose(turn -> otherStore.findElsewhere(play.id(), "ada"))
                .compose(found -> other.look(found.orElseThrow()))
                .await(10, TimeUnit.SECONDS);
    }

    void leave(Attachment reader) throws Exception {
        there.andThen(turn -> reader.leave()).await(10, TimeUnit.SECONDS);
    }

    static String text(Attachment reader) {
        Transcript transcript = new Transcript();
        transcript.show(reader.text());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript.copyTo(bytes::write);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    FailureCode failure(Attachment reader) {
        return catchThrowableOfType(
                        GenerationException.class, () -> reader.end().await(10, TimeUnit.SECONDS))
                .failure()
                .code();
    }
}
