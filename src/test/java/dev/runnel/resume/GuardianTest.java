package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GuardianTest {

    /** Of each caller one generation is kept, for longer than any test runs. */
    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 20, 2, 2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KeptGenerations store = new KeptGenerations(CONFIG, new ResumeMeters(registry), System::nanoTime);
    private final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 20, 1 << 20), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private PlayedGenerator generator;
    private GenerationClient client;
    private Guardian guardian;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        generator = new PlayedGenerator(vertx).start();
        client = loop.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        guardian = loop.map(turn -> new Guardian(vertx, client, CONFIG, store, memory))
                .await(10, TimeUnit.SECONDS);
    }

    @Test
    void droppedTextIsFreedBeforeItsRetentionTimeHasPassed() throws Exception {
        WeakReference<KeptGeneration> first = new WeakReference<>(finished("first"));
        assertThat(first.get()).isNotNull();

        finished("second");

        assertThat(store.generations()).isEqualTo(1);
        await().until(() -> {
            System.gc();
            return first.get() == null;
        });
    }

    /** The timer of the grace time is due when the node wakes, before its clients are served. */
    @Test
    void graceTimeBeginsAgainWhenThisNodeWasFrozen(Vertx vertx) throws Exception {
        var reads = new AtomicInteger();
        var seconds = new AtomicInteger();
        OtherNodes nodes = OtherNodes.install(vertx, "self", true, () -> {
            reads.incrementAndGet();
            return TimeUnit.SECONDS.toNanos(seconds.get());
        });
        nodes.fence().beat();
        var briefly = new ResumeConfig(Duration.ofMillis(1), Duration.ofHours(1), 1 << 20, 2, 2);
        guardian = loop.map(turn -> new Guardian(vertx, client, briefly, store, memory))
                .await(10, TimeUnit.SECONDS);

        Future<KeptGeneration> keeping = kept("first", () -> seconds.set(5));
        generator.accept();
        KeptGeneration kept = keeping.await(10, TimeUnit.SECONDS);
        int before = reads.get();
        await().until(() -> reads.get() > before + 2);
        assertThat(kept.outcome()).isEmpty();

        nodes.fence().raise();
        await().until(() -> kept.outcome().isPresent());
        assertThat(registry.get("runnel.resume.abandoned").counter().count()).isEqualTo(1);
    }

    /** @param next runs in the same turn as the generation is kept */
    private Future<KeptGeneration> kept(String key, Runnable next) {
        var granted = (ClaimAnswer.Granted) store.claim(new ClaimRequest("ada", key, "request", false));
        var request = new Guardian.Request("story", true, "key", 0, KeptRequest.NONE);
        return loop.compose(turn -> client.submit(GenerationRequest.of("x"))).compose(generation -> {
            Future<KeptGeneration> keeping = guardian.keep(granted.claim(), generation, request);
            next.run();
            return keeping;
        });
    }

    private KeptGeneration finished(String key) throws Exception {
        Future<KeptGeneration> keeping = kept(key, () -> {});
        Play play = generator.accept();
        KeptGeneration kept = keeping.await(10, TimeUnit.SECONDS);
        play.say("once").finish();
        play.account(Usage.NONE);
        await().until(() -> kept.outcome().isPresent());
        return kept;
    }
}
