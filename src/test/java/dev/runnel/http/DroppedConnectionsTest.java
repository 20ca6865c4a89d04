package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.IssuedKey;
import dev.runnel.http.DroppingClient.Request;
import dev.runnel.message.Ended;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections to the whole service break at random places, and each client goes on by its key or by the generation's
 * id. {@code -Drunnel.drops=10000} sets how many connections and streams break in each test; 300 without it.
 */
@ExtendWith(VertxExtension.class)
class DroppedConnectionsTest {

    private static final int DROPS = Integer.getInteger("runnel.drops", 300);
    private static final int CLIENTS = 16;
    private static final int DROPS_PER_GENERATION = 5;

    private static final String BODY = "{\"prompt\":\"once\",\"maxTokens\":120}";
    private static final String CONFIG = """
            resume: { grace: 20s, retention: 30s, readers: 1000 }
            generation: { queue: 64 }
            plans: [ { name: unlimited, tokensPerMinute: 100000000, concurrentGenerations: 1000 } ]
            defaultModel: story
            models:
              - { name: story, engine: scripted, text: "Es war einmal ein König 🎈 — «€» ", repeat: true, interval: 2ms,
                  sequences: 64 }
            """;

    @TempDir
    private Path folder;

    private final AtomicInteger drops = new AtomicInteger();

    @Test
    void noByteIsLostAndNoneComesTwiceHoweverConnectionsBreak() throws Exception {
        try (RealService service = RealService.start(CONFIG);
                LeftOpen leftOpen = new LeftOpen()) {
            String whole = undisturbed(service.connect(), service.key());
            readThroughDrops(service, whole, random -> new DroppingClient.Plain(service.port(), random, leftOpen));
        }
    }

    /** Each connection is one of HTTP/1.1 or of HTTP/2, so that most streams go on over the other version. */
    @Test
    void noByteIsLostAndNoneComesTwiceHoweverStreamsOfHttp2Break(Vertx vertx) throws Exception {
        MadeCertificate made = MadeCertificate.of("dropped", "EC");
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), made.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), made.keyPem());
        String tls = ", tls: { certificateFile: %s, keyFile: %s }".formatted(certificate, key);
        try (RealService service = RealService.start(tls, CONFIG);
                LeftOpen leftOpen = new LeftOpen()) {
            var http2 = new Http2Client(vertx, service.port());
            String whole = undisturbed(new HttpWire(service.port(), made.trusting()), service.key());
            readThroughDrops(
                    service,
                    whole,
                    random -> new DroppingClient.WithTls(service.port(), made.trusting(), http2, random, leftOpen));
        }
    }

    private static String undisturbed(HttpWire connected, String key) {
        try (HttpWire wire = connected.post("/v1/generate", key, BODY)) {
            return ResumedStream.json(wire.answer().body()).get("text").asText();
        }
    }

    private void readThroughDrops(RealService service, String whole, Function<Random, DroppingClient> clients)
            throws Exception {
        service.ended();
        long seed = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<List<String>>> ids = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed + i);
                IssuedKey key = service.issue("unlimited", Duration.ofHours(1));
                Callable<List<String>> reads = () -> generations(random, clients.apply(random), whole, key.token());
                ids.add(threads.submit(reads));
            }
            List<String> read = new ArrayList<>();
            for (Future<List<String>> id : ids) {
                read.addAll(id.get(10, TimeUnit.MINUTES));
            }
            assertOneEndEach(service, read, seed);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertOneEndEach(RealService service, List<String> read, long seed) throws Exception {
        Map<String, Ended> ends = new HashMap<>();
        for (int i = 0; i < read.size(); i++) {
            Ended ended = service.ended();
            assertThat(ends.put(ended.generationId(), ended)).as("one end each").isNull();
        }
        assertThat(ends.keySet()).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(read);
        assertThat(ends.values()).extracting(Ended::outcome).containsOnly(Ended.Outcome.LENGTH);
        await().atMost(Duration.ofSeconds(10)).until(() -> service.metrics().contains("runnel_limit_generations 0.0"));
        assertThat(service.metrics()).contains("runnel_limit_unaccounted_total 0.0");
        assertThat(service.metrics()).contains("runnel_resume_abandoned_total 0.0");
    }

    /** One client: reads generations one after another until enough connections have broken; returns their ids. */
    private List<String> generations(Random random, DroppingClient client, String whole, String key) {
        List<String> ids = new ArrayList<>();
        for (int number = 0; drops.get() < DROPS || number == 0; number++) {
            String idempotencyKey = random.nextLong() + " " + number;
            ids.add(generation(random, client, whole, new Request(key, idempotencyKey, BODY, "", "")));
        }
        return ids;
    }

    private String generation(Random random, DroppingClient client, String whole, Request request) {
        Request next = request;
        for (int drop = 0; drop < DROPS_PER_GENERATION; drop++) {
            ResumedStream stream = new ResumedStream(client.open(next), next.known()).open();
            boolean ended = stream.readSome(random.nextInt(12));
            assertThat(whole).startsWith(stream.text());
            next = next.after(stream.id(), stream.text());
            client.leave();
            drops.incrementAndGet();
            if (ended) {
                break;
            }
        }
        try (ResumedStream last = new ResumedStream(client.open(next), next.known())) {
            last.open().readAll();
            assertThat(last.text()).isEqualTo(whole);
            assertThat(last.ending()).isEqualTo("length");
            assertThat(last.id()).isEqualTo(next.id());
        }
        return next.id();
    }
}
