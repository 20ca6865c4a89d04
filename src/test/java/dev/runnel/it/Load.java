package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.engine.openai.FakeUpstream;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.Streamed;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service whose models do what a load asks for, and clients that make every outcome happen and count what they got.
 */
final class Load implements AutoCloseable {

    /** Generations of {@link #healthy}: 8 clients ask 20 times each, one asks the relayed model 8 times. */
    static final int HEALTHY = 8 * 20 + 8;

    private static final int SMALL_BUFFER = 4096;
    private static final int WAITING = 4;
    private static final int STALLED = 8;
    private static final int BIG_TOKENS = 300;

    private final FakeUpstream steady;
    private final FakeUpstream flaky;
    private final RunningService service;
    private final String key;
    private final Tally tally = new Tally();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    /** Its upstreams are closed with Vert.x. */
    Load(Vertx vertx, Path data) throws TimeoutException {
        steady = new FakeUpstream(vertx, Load::story);
        flaky = new FakeUpstream(vertx, Load::story);
        service = RunningService.start(Launch.IN_PROCESS, config(), data);
        key = service.key();
    }

    private static void story(FakeUpstream.Ask ask) {
        ask.stream(
                FakeUpstream.delta("Once"),
                FakeUpstream.delta(" upon"),
                FakeUpstream.finish("stop"),
                FakeUpstream.usage(3, 2),
                FakeUpstream.DONE);
    }

    private static void filtered(FakeUpstream.Ask ask) {
        ask.stream(
                FakeUpstream.delta("Once"),
                FakeUpstream.finish("content_filter"),
                FakeUpstream.usage(3, 1),
                FakeUpstream.DONE);
    }

    /** A text may pause for longer than clients hold one that they then leave, while queues fill and time out. */
    private String config() {
        return """
            http: { stall: 3s, sendBufferBytes: 4096, compressedStreams: 1 }
            generation: { queue: %d, queueWait: 4s, firstToken: 6s, nextToken: 15s }
            defaultModel: story
            plans:
              - { name: unlimited }
              - { name: rare, requestsPerMinute: 1 }
              - { name: short, tokensPerMinute: 100 }
              - { name: single, concurrentGenerations: 1 }
              - { name: narrow, models: [ story ] }
            models:
              - { name: story, engine: scripted, interval: 1ms }
              - { name: late, engine: scripted, text: "a b", firstToken: 3s, interval: 3s }
              - { name: broken, engine: scripted, text: "a b c", failAfter: 2 }
              - { name: halting, engine: scripted, text: "a b c", stallAfter: 1 }
              - { name: taken, engine: scripted, text: "a b c", stallAfter: 1, sequences: 1 }
              - { name: big, engine: scripted, text: "%s", repeat: true }
              - name: relayed
                engine: openai
                setAside: { first: 5s, longest: 5s }
                upstreams:
                  - { url: "%s", model: m }
                  - { url: "%s", model: m }
            """.formatted(WAITING, "word".repeat(1000), steady.url(), flaky.url());
    }

    int management() {
        return service.ports().management();
    }

    Tally tally() {
        return tally;
    }

    /** How many requests came to the upstreams. */
    int asked() {
        return steady.asked().size() + flaky.asked().size();
    }

    /** What users want. */
    void healthy() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
            all.add(clients.submit(() -> repeat(20, () -> stream(key, "story", "Tell me something", 64))));
        }
        all.add(clients.submit(() -> repeat(8, () -> stream(key, "relayed", "Tell me something", 64))));
        finish(all);
    }

    /** What goes wrong for users, all at once. */
    void causes(PrometheusServer prometheus) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        all.add(clients.submit(() -> stream(key, "late", "Tell me", 64)));
        all.add(clients.submit(() -> stream(key, "halting", "Tell me", 64)));
        all.add(clients.submit(() -> repeat(20, () -> stream(key, "broken", "Tell me", 64))));
        all.add(clients.submit(() -> repeat(5, () -> stream(key, "story", "Tell me", 2))));
        all.add(clients.submit(() -> repeat(5, this::leave)));
        all.add(clients.submit(() -> compressed(prometheus)));
        all.add(clients.submit(() -> failingUpstream(prometheus)));
        all.add(clients.submit(() -> limits(prometheus)));
        all.add(clients.submit(this::refusals));
        all.add(clients.submit(() -> fullQueue(prometheus)));
        all.add(clients.submit(() -> readLate(prometheus)));
        all.add(clients.submit(() -> readNothing(prometheus)));
        all.add(clients.submit(this::flood));
        finish(all);
    }

    private static void finish(List<Future<?>> all) throws Exception {
        for (Future<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private static Void repeat(int times, Callable<?> action) throws Exception {
        for (int i = 0; i < times; i++) {
            action.call();
        }
        return null;
    }

    private static String body(String model, String prompt, int maxTokens) {
        return new JsonObject()
                .put("model", model)
                .put("prompt", prompt)
                .put("maxTokens", maxTokens)
                .encode();
    }

    private Streamed stream(String key, String model, String prompt, int maxTokens) {
        return post(key, body(model, prompt, maxTokens), prompt);
    }

    private Streamed post(String key, String body, String prompt) {
        try (HttpWire wire = service.http()) {
            return tally.count(wire.post("/v1/generate/stream", key, body).answer(), prompt);
        }
    }

    /** Closes the connection after the one token that this model says. */
    private Void leave() {
        try (HttpWire wire = service.http()) {
            wire.post("/v1/generate/stream", key, body("halting", "Tell me", 64))
                    .head();
            wire.event();
        }
        tally.ended("cancelled", 2, 1);
        tally.closed("client_gone");
        return null;
    }

    /** Two want what only one gets, until Prometheus has seen it. */
    private Void compressed(PrometheusServer prometheus) {
        try (HttpWire one = service.http();
                HttpWire another = service.http()) {
            for (HttpWire wire : List.of(one, another)) {
                wire.post("/v1/generate/stream", key, body("halting", "Tell me", 64), "Accept-Encoding: gzip")
                        .head();
                wire.event();
                tally.ended("cancelled", 2, 1);
                tally.closed("client_gone");
            }
            await().until(() -> prometheus.number("runnel_streams_compressed") == 1);
        }
        return null;
    }

    /**
     * One upstream answers once Prometheus has seen it asked; then one fails, so that the other takes over; then both
     * do.
     */
    private Void failingUpstream(PrometheusServer prometheus) throws Exception {
        flaky.always(ask -> ask.status(500, ""));
        Promise<Void> seen = Promise.promise();
        steady.next(ask -> seen.future().onSuccess(now -> story(ask)));
        Future<?> running = clients.submit(() -> stream(key, "relayed", "Tell me", 64));
        await().until(() -> prometheus.number("sum(runnel_upstream_running)") > 0);
        seen.complete();
        running.get(60, TimeUnit.SECONDS);
        stream(key, "relayed", "Tell me", 64);
        steady.next(Load::filtered);
        stream(key, "relayed", "Tell me", 64);
        steady.next(ask -> ask.status(400, ""));
        stream(key, "relayed", "Tell me", 64);
        steady.always(ask -> ask.status(500, ""));
        stream(key, "relayed", "Tell me", 64);
        return null;
    }

    private Void limits(PrometheusServer prometheus) throws Exception {
        String rare = service.key("rare");
        repeat(150, () -> stream(rare, "story", "Tell me", 2));
        // The series of a key starts with its first refusals, and shows no rise before there are further ones.
        await().until(() -> {
            stream(rare, "story", "Tell me", 2);
            return prometheus.number("sum(rate(runnel_key_refusals_total[1m]))") > 0;
        });
        String shortOfTokens = service.key("short");
        stream(shortOfTokens, "story", "Tell me", 90);
        stream(shortOfTokens, "story", "Tell me", 90);
        stream(shortOfTokens, "story", "Tell me", 4000);
        String single = service.key("single");
        try (HttpWire wire = service.http()) {
            wire.post("/v1/generate/stream", single, body("halting", "Tell me", 64))
                    .head();
            wire.event();
            stream(single, "story", "Tell me", 2);
        }
        tally.ended("cancelled", 2, 1);
        tally.closed("client_gone");
        return null;
    }

    private Void refusals() throws Exception {
        post("no-key", body("story", "x", 1), "x");
        stream(service.key("narrow"), "late", "x", 1);
        stream(key, "no-model", "x", 1);
        repeat(3, () -> post(key, "{\"prompt\":1}", "x"));
        return null;
    }

    /** Takes the place and every place to wait, of which a key has half, until Prometheus has seen it. */
    private Void fullQueue(PrometheusServer prometheus) throws Exception {
        String other = service.key();
        List<Future<?>> waiting = new ArrayList<>();
        try (HttpWire wire = service.http()) {
            wire.post("/v1/generate/stream", key, body("taken", "Tell me", 64)).head();
            wire.event();
            for (int i = 0; i < WAITING; i++) {
                String of = i % 2 == 0 ? key : other;
                waiting.add(clients.submit(() -> stream(of, "taken", "Tell me", 64)));
            }
            await().until(() -> prometheus.number("runnel_queue_depth{model=\"taken\"}") == WAITING);
            repeat(40, () -> stream(key, "taken", "Tell me", 64));
            finish(waiting);
        }
        tally.ended("cancelled", 2, 1);
        tally.closed("client_gone");
        return null;
    }

    /** Begins to read when all is generated, and gets what it missed in few events. */
    private Void readLate(PrometheusServer prometheus) {
        try (HttpWire wire = new HttpWire(service.ports().http(), SMALL_BUFFER)) {
            wire.post("/v1/generate/stream", key, body("big", "Tell me", BIG_TOKENS));
            await().until(() -> prometheus.number("runnel_streams_stalled") > 0);
            tally.count(wire.answer(), "Tell me");
        }
        return null;
    }

    /** Take nothing until they are disconnected. All was generated for them. */
    private Void readNothing(PrometheusServer prometheus) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < STALLED; i++) {
            all.add(clients.submit(() -> takeNothing(prometheus)));
        }
        finish(all);
        return null;
    }

    private Void takeNothing(PrometheusServer prometheus) {
        try (HttpWire wire = new HttpWire(service.ports().http(), SMALL_BUFFER)) {
            wire.post("/v1/generate/stream", key, body("big", "Tell me", BIG_TOKENS));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prometheus.number("runnel_stream_closed_total{cause=\"stalled\"}") == STALLED);
        }
        tally.ended("length", 2, BIG_TOKENS);
        tally.closed("stalled");
        return null;
    }

    /** Sends request upon request without reading an answer, until it is cut. */
    private Void flood() {
        String requests =
                HttpWire.requestHead("GET", "/v1/usage", HttpWire.bearer(key)).repeat(100);
        try (HttpWire wire = new HttpWire(service.ports().http(), SMALL_BUFFER)) {
            assertThatThrownBy(() -> repeat(10_000, () -> wire.send(requests)))
                    .isInstanceOf(UncheckedIOException.class);
        }
        return null;
    }

    @Override
    public void close() throws TimeoutException {
        clients.shutdownNow();
        service.close();
        steady.close();
        flaky.close();
    }
}
