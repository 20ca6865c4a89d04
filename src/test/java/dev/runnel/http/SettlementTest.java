package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.ServiceConfig;
import dev.runnel.auth.IssuedKey;
import dev.runnel.config.Allowance;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.generator.Engines;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.generator.Models;
import dev.runnel.limit.LimitState;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.sse.HttpWire;
import dev.runnel.trace.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that do what they like to the HTTP side, with real generators: nothing leaks, and the sums are
 * right.
 */
class SettlementTest {

    /** The first model runs until {@code maxTokens}; the second falls silent and is timed out. */
    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, text: "on and on ", repeat: true, interval: 1ms, sequences: 3 }
          - { name: other, engine: scripted, text: "on and on ", interval: 1ms, stallAfter: 3, sequences: 3 }
        generation: { queue: 4, nextToken: 100ms }
        """;

    private static final int REQUESTS = 400;

    @TempDir
    Path data;

    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

    @AutoClose
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start(TestService.http(), 2);
        Vertx vertx = service.vertx();
        RunnelConfig config = ServiceConfig.of(CONFIG, data);
        var meters = new GenerationMeters(
                service.metrics().registry(), new KeyMeters(service.metrics().registry()));
        var environment = new EngineEnvironment(vertx, data, EngineListener.SILENT);
        var engines = Engines.onClassPath().create(config.models(), environment);
        Models models = new Models(vertx, config, engines, meters, System::nanoTime, InstantSource.system());
        models.open().await(10, TimeUnit.SECONDS);
        vertx.deployVerticle(
                        () -> new GeneratorVerticle(new GeneratorSetup(
                                models,
                                config.generation(),
                                config.bus(),
                                meters,
                                config.log(),
                                Tracing.of(config.tracing()))),
                        new DeploymentOptions().setInstances(2))
                .await(10, TimeUnit.SECONDS);
        vertx.eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> ended.add(message.body()))
                .completion()
                .await(5, TimeUnit.SECONDS);
    }

    @Test
    void everySlotComesBackAndEveryTokenIsCharged() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<IssuedKey> keys = List.of(service.issue("roomy"), service.issue("roomy"), service.issue("roomy"));
        List<HttpWire> open = new ArrayList<>();

        for (int i = 0; i < REQUESTS; i++) {
            open.add(request(random, keys.get(random.nextInt(keys.size()))));
            while (open.size() > random.nextInt(12)) {
                leave(random, open.remove(random.nextInt(open.size())));
            }
        }
        open.forEach(HttpWire::close);

        await().atMost(Duration.ofSeconds(20)).until(() -> service.limiter().running() == 0);
        await("all memory given back")
                .until(() -> Stream.of(Kind.values())
                        .allMatch(kind -> service.memory().held(kind) == 0));
        for (IssuedKey key : keys) {
            await().untilAsserted(() -> assertThat(taken(key))
                    .as("tokens taken from %s, seed %s", key.id(), seed)
                    .isEqualTo(charged(key))
                    .isPositive());
        }
        assertThat(keys.stream().mapToInt(this::requestsTaken).sum()).isEqualTo((int) admitted());
        assertThat(service.metric("runnel_limit_unaccounted_total")).isZero();
    }

    private HttpWire request(Random random, IssuedKey key) {
        String path = random.nextInt(4) == 0 ? "/v1/generate" : "/v1/generate/stream";
        String model = random.nextInt(4) == 0 ? "other" : "echo";
        String body =
                "{\"prompt\":\"on and on\",\"maxTokens\":" + (1 + random.nextInt(60)) + ",\"model\":\"" + model + "\"}";
        return new HttpWire(service.port()).post(path, key.token(), body);
    }

    /** At once, after some bytes, or after everything. */
    private static void leave(Random random, HttpWire wire) {
        try (wire) {
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> wire.head();
                case 2 -> {
                    if (wire.head().header("Transfer-Encoding").equals("chunked")) {
                        wire.chunk();
                    }
                }
                default -> wire.answer();
            }
        }
    }

    private double admitted() {
        return service.metric("runnel_limit_decisions_total{decision=\"admitted\",limit=\"none\"}");
    }

    private LimitState state(IssuedKey key) {
        Allowance roomy = TestService.plans().stream()
                .filter(plan -> plan.name().equals("roomy"))
                .findFirst()
                .orElseThrow()
                .allowance();
        return service.limiter().state(key.id(), roomy).result();
    }

    private int taken(IssuedKey key) {
        return state(key).tokens().map(now -> now.limit() - now.remaining()).orElseThrow();
    }

    private int requestsTaken(IssuedKey key) {
        return state(key).requests().map(now -> now.limit() - now.remaining()).orElseThrow();
    }

    private int charged(IssuedKey key) {
        return ended.stream()
                .filter(account -> account.keyId().equals(key.id()))
                .mapToInt(account -> account.usage().totalTokens())
                .sum();
    }
}
