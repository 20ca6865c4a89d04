package dev.runnel.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.Ports;
import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.WarmUpTask;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.message.Addresses;
import dev.runnel.metric.Metrics;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WarmUpTest {

    private static final String CONFIG = """
        http: { port: 0 }
        management: { port: 0 }
        warmUp: { %s }
        auth: { maxLifetime: 10m }
        defaultModel: quick
        models:
          - { name: quick, engine: scripted, text: "Once upon a time" }
        """;

    @TempDir
    private Path data;

    private Runnel runnel;

    private Runnel start(String warmUp) throws Exception {
        RunnelConfig config = ServiceConfig.of(CONFIG.formatted(warmUp), data);
        runnel = Runnel.start(config, EngineListener.SILENT, new WarmUp(config), new Metrics())
                .await(20, TimeUnit.SECONDS);
        return runnel;
    }

    @AfterEach
    void stop() throws Exception {
        runnel.close().await(20, TimeUnit.SECONDS);
    }

    private HttpWire.Answer management(String path) throws Exception {
        try (HttpWire wire = new HttpWire(runnel.ports().management())) {
            return wire.get(path).answer();
        }
    }

    @Test
    void serviceIsReadyWhenItsWarmUpHasRunEnoughStreams() throws Exception {
        start("streams: 50, duration: 5m");

        HttpWire.Answer cold = management("/health/ready");
        runnel.opened().await(20, TimeUnit.SECONDS);
        HttpWire.Answer warm = management("/health/ready");

        assertThat(cold.status()).isEqualTo(503);
        assertThat(cold.body())
                .matches(".*\\{\"name\":\"warm\",\"ok\":false,\"problem\":\"the service is warming up: \\d+ of 50"
                        + " streams\"}.*");
        assertThat(warm.status()).isEqualTo(200);
        assertThat(warm.body()).contains("{\"name\":\"warm\",\"ok\":true}");
        assertThat(streams()).isBetween(50.0, 50.0 + WarmUpClient.CALLERS);
        assertThat(management("/metrics").body()).contains("runnel_warm_up_ended 1.0");
    }

    @Test
    void serviceIsReadyAfterTheLongestTimeThoughItsWarmUpHasNotRunEnoughStreams() throws Exception {
        start("streams: 1000000, duration: 100ms");

        runnel.opened().await(20, TimeUnit.SECONDS);

        assertThat(management("/health/ready").status()).isEqualTo(200);
        assertThat(streams()).isLessThan(1_000_000);
    }

    @Test
    void serviceIsReadyAfterTheLongestTimeThoughGenerationsOfClientsRun() throws Exception {
        RunnelConfig config = ServiceConfig.of(CONFIG.formatted("streams: 1, duration: 100ms"), data);
        var warmUp = new WarmUp(config);
        runnel = Runnel.start(config, EngineListener.SILENT).await(20, TimeUnit.SECONDS);

        warmUp.start(() -> true).await(20, TimeUnit.SECONDS);

        assertThat(warmUp.progress()).isEqualTo(new WarmUpTask.Progress(0, 1));
    }

    @Test
    void serviceWithoutStreamsToRunIsWarmAtOnce() throws Exception {
        start("streams: 0");

        runnel.opened().await(20, TimeUnit.SECONDS);

        assertThat(streams()).isZero();
    }

    private double streams() throws Exception {
        return management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("runnel_warm_up_streams "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void warmUpShowsNowhere() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        root.addAppender(log);
        var ended = new AtomicInteger();

        start("duration: 1s");
        runnel.vertx().eventBus().consumer(Addresses.ENDED, message -> ended.incrementAndGet());
        runnel.opened().await(20, TimeUnit.SECONDS);
        root.detachAppender(log);

        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
        assertThat(ended).hasValue(0);
        String metrics = management("/metrics").body();
        assertThat(metrics).doesNotContain("warm-up");
        assertThat(counted(metrics, "runnel_")).isEmpty();
        assertThat(counted(metrics, "vertx_http_")).isEmpty();
    }

    /** Lines of counters that are not zero. */
    private static List<String> counted(String metrics, String prefix) {
        return metrics.lines()
                .filter(line -> line.startsWith(prefix) && line.contains("_total"))
                .filter(line -> !line.endsWith(" 0.0"))
                .toList();
    }

    private WarmUpClient client(HttpServer server, HttpServer management, StreamCount streams) {
        return new WarmUpClient(
                runnel.vertx(), new Ports(server.actualPort(), management.actualPort()), "key", streams);
    }

    @Test
    void callersGoOnUntilTheyAreStopped() throws Exception {
        start("duration: 0");
        Vertx vertx = runnel.vertx();
        var answered = new AtomicInteger();
        var scraped = new AtomicInteger();
        Promise<Void> stop = Promise.promise();
        Promise<Void> scrapedTwice = Promise.promise();
        HttpServer management = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().end(request.path());
                    if (request.path().equals("/metrics") && scraped.incrementAndGet() == 2) {
                        scrapedTwice.complete();
                    }
                })
                .listen(0, "127.0.0.1")
                .await(5, TimeUnit.SECONDS);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().end("text");
                    if (answered.incrementAndGet() == 500) {
                        stop.complete();
                    }
                })
                .listen(0, "127.0.0.1")
                .await(5, TimeUnit.SECONDS);

        client(server, management, new StreamCount(1_000_000))
                .run(
                        Duration.ofDays(1),
                        Future.join(stop.future(), scrapedTwice.future()).mapEmpty(),
                        () -> false)
                .await(20, TimeUnit.SECONDS);

        assertThat(answered).hasValueGreaterThanOrEqualTo(500);
    }

    @Test
    void callersPauseWhileGenerationsOfClientsRun() throws Exception {
        start("duration: 0");
        var busy = new AtomicBoolean(true);
        var asked = new AtomicInteger();
        var called = new AtomicInteger();
        Promise<Void> stop = Promise.promise();
        BooleanSupplier isBusy = () -> {
            asked.incrementAndGet();
            return busy.get();
        };

        Future<Void> run = new RepeatedCalls(runnel.vertx(), isBusy)
                .run(
                        List.of(() -> {
                            called.incrementAndGet();
                            return runnel.vertx().timer(1).mapEmpty();
                        }),
                        Duration.ofDays(1),
                        stop.future());
        await().until(() -> asked.get() >= 3);
        int calledWhileBusy = called.get();
        busy.set(false);
        await().until(() -> called.get() >= 3);
        stop.complete();
        run.await(20, TimeUnit.SECONDS);

        assertThat(calledWhileBusy).isZero();
    }

    @Test
    void warmUpKnowsWhetherAGenerationRuns() throws Exception {
        var isBusy = new AtomicReference<BooleanSupplier>();
        WarmUpTask task = new WarmUpTask() {
            @Override
            public Future<Void> start(BooleanSupplier given) {
                isBusy.set(given);
                return Future.succeededFuture();
            }

            @Override
            public Progress progress() {
                return new Progress(0, 1);
            }

            @Override
            public Future<Void> stop() {
                return Future.succeededFuture();
            }
        };
        RunnelConfig config =
                ServiceConfig.of(CONFIG.formatted("duration: 0").replace("text:", "stallAfter: 1, text:"), data);
        runnel =
                Runnel.start(config, EngineListener.SILENT, task, new Metrics()).await(20, TimeUnit.SECONDS);
        runnel.opened().await(20, TimeUnit.SECONDS);
        String key = runnel.keys()
                .issue(new KeyRequest("test", "unlimited", Scope.ALL, Duration.ofMinutes(1)))
                .token();

        boolean before = isBusy.get().getAsBoolean();
        try (HttpWire wire = new HttpWire(runnel.ports().http())) {
            wire.post("/v1/generate/stream", key, "{\"prompt\":\"x\"}").head();
            await().until(() -> isBusy.get().getAsBoolean());
        }
        await().until(() -> !isBusy.get().getAsBoolean());

        assertThat(before).isFalse();
    }

    @Test
    void refusedCallersEndTheWarmUp() throws Exception {
        start("duration: 0");
        HttpServer server = runnel.vertx()
                .createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(500).end())
                .listen(0, "127.0.0.1")
                .await(5, TimeUnit.SECONDS);

        Future<Void> run = client(server, server, new StreamCount(1_000_000))
                .run(Duration.ofDays(1), Future.future(never -> {}), () -> false);

        assertThatThrownBy(() -> run.await(20, TimeUnit.SECONDS)).hasMessageContaining("500");
    }

    @Test
    void callersStopOnceThereAreEnoughStreams() throws Exception {
        start("duration: 0");
        HttpServer server = runnel.vertx()
                .createHttpServer()
                .requestHandler(request -> request.response().end("text"))
                .listen(0, "127.0.0.1")
                .await(5, TimeUnit.SECONDS);
        var streams = new StreamCount(200);

        client(server, server, streams)
                .run(Duration.ofDays(1), Future.future(never -> {}), () -> false)
                .await(20, TimeUnit.SECONDS);

        assertThat(streams.ended()).isBetween(200, 200 + WarmUpClient.CALLERS);
    }

    @Test
    void callWithoutAnEndDoesNotHoldTheWarmUp() throws Exception {
        start("duration: 0");

        Future<Void> run = new RepeatedCalls(runnel.vertx(), () -> false, Duration.ofMillis(1))
                .run(List.of(() -> Future.future(never -> {})), Duration.ofMillis(1), Future.future(never -> {}));

        assertThatThrownBy(() -> run.await(20, TimeUnit.SECONDS)).hasMessageContaining("a call has not ended");
    }

    @Test
    void closingDoesNotWaitForTheWarmUp() throws Exception {
        start("streams: 1000000, duration: 5m");

        runnel.close().await(20, TimeUnit.SECONDS);

        assertThat(runnel.opened().await(1, TimeUnit.SECONDS)).isNotNull();
    }
}
