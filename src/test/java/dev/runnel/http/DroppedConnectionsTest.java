package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.IssuedKey;
import dev.runnel.message.Ended;
import dev.runnel.sse.HttpWire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Connections to the whole service break at random places, and each client goes on by its key or by the generation's
 * id. {@code -Drunnel.drops=10000} sets how many connections break; 300 without it.
 */
class DroppedConnectionsTest {

    private static final int DROPS = Integer.getInteger("runnel.drops", 300);
    private static final int CLIENTS = 16;
    private static final int DROPS_PER_GENERATION = 5;
    /** The service closes connections of one address over its limit. */
    private static final int MOST_SILENT = 300;

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

    private RealService service;
    private final AtomicInteger drops = new AtomicInteger();
    /** Connections that the client left open without reading on. */
    private final List<HttpWire> silent = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() throws Exception {
        service = RealService.start(CONFIG);
    }

    @AfterEach
    void stop() throws Exception {
        silent.forEach(HttpWire::close);
        service.close();
    }

    @Test
    void noByteIsLostAndNoneComesTwiceHoweverConnectionsBreak() throws Exception {
        String whole = undisturbed();
        service.ended();
        long seed = System.nanoTime();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed + i);
                Callable<String> client = () -> generations(random, whole);
                ids.add(clients.submit(client));
            }
            List<String> read = new ArrayList<>();
            for (Future<String> id : ids) {
                read.addAll(List.of(id.get(10, TimeUnit.MINUTES).split(" ")));
            }
            assertOneEndEach(read, seed);
        } finally {
            clients.shutdownNow();
        }
    }

    private String undisturbed() {
        try (HttpWire wire = service.connect().post("/v1/generate", service.key(), BODY)) {
            return ResumedStream.json(wire.answer().body()).get("text").asText();
        }
    }

    private void assertOneEndEach(List<String> read, long seed) throws Exception {
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
    private String generations(Random random, String whole) {
        StringBuilder ids = new StringBuilder();
        IssuedKey key = service.issue("unlimited", Duration.ofHours(1));
        for (int number = 0; drops.get() < DROPS || number == 0; number++) {
            String idempotencyKey = "Idempotency-Key: " + random.nextLong() + " " + number;
            ids.append(generation(random, whole, key.token(), idempotencyKey)).append(' ');
        }
        return ids.toString();
    }

    private String generation(Random random, String whole, String key, String idempotencyKey) {
        String id = "";
        String known = "";
        for (int drop = 0; drop < DROPS_PER_GENERATION; drop++) {
            HttpWire wire = open(random, key, idempotencyKey, id, known);
            ResumedStream stream = new ResumedStream(wire, known).open();
            id = stream.id();
            boolean ended = stream.readSome(random.nextInt(12));
            known = stream.text();
            assertThat(whole).startsWith(known);
            leave(random, wire);
            drops.incrementAndGet();
            if (ended) {
                break;
            }
        }
        try (ResumedStream last = new ResumedStream(open(random, key, idempotencyKey, id, known), known)) {
            last.open().readAll();
            assertThat(last.text()).isEqualTo(whole);
            assertThat(last.ending()).isEqualTo("length");
            assertThat(last.id()).isEqualTo(id);
        }
        return id;
    }

    private HttpWire open(Random random, String key, String idempotencyKey, String id, String known) {
        int cursor = known.getBytes(StandardCharsets.UTF_8).length;
        String[] headers =
                cursor == 0 ? new String[] {idempotencyKey} : new String[] {idempotencyKey, "Last-Event-ID: " + cursor};
        if (id.isEmpty() || random.nextBoolean()) {
            return service.connect().post("/v1/generate/stream", key, BODY, headers);
        }
        return service.connect()
                .get("/v1/generate/" + id + "/stream", HttpWire.bearer(key), "Last-Event-ID: " + cursor);
    }

    /** Closes, resets or half-closes the connection, or leaves it open and reads nothing more. */
    private void leave(Random random, HttpWire wire) {
        switch (random.nextInt(4)) {
            case 0 -> wire.close();
            case 1 -> wire.reset();
            case 2 -> {
                wire.halfClose();
                keepOpen(wire);
            }
            default -> keepOpen(wire);
        }
    }

    private void keepOpen(HttpWire wire) {
        silent.add(wire);
        synchronized (silent) {
            while (silent.size() > MOST_SILENT) {
                silent.remove(0).close();
            }
        }
    }
}
