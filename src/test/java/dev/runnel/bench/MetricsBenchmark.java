package dev.runnel.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What metrics cost a service that relays: its CPU per event with and without them, and the age of events while it is scraped
 * every second and while it is not. Each in pairs, of which every other one is turned round. Upstream and clients are in this
 * process, so that an event's age is read off one clock; the services are processes of their own.
 *
 * <p>Usage: {@code mvn -q test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.MetricsBenchmark [-Dexec.args="PAIRS STREAMS TOKENS INTERVAL_MILLIS"]}
 */
public final class MetricsBenchmark {

    private static final int WARM_UP_RUNS = 3;
    private static final long SCRAPE_MILLIS = 1000;
    private static final String BODY = "{\"prompt\":\"x\",\"maxTokens\":4096}";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int pairs;
    private final int streams;
    private final int tokens;
    private final long intervalMillis;
    private final Samples scrapeMillis = new Samples();

    /** What one load came to. */
    private record Run(double cpuMicrosPerEvent, double ageP99Millis) {}

    private MetricsBenchmark(int pairs, int streams, int tokens, long intervalMillis) {
        this.pairs = pairs;
        this.streams = streams;
        this.tokens = tokens;
        this.intervalMillis = intervalMillis;
        this.client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(streams));
    }

    public static void main(String[] args) throws IOException {
        int[] given = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        new MetricsBenchmark(
                        given.length > 0 ? given[0] : 9,
                        given.length > 1 ? given[1] : 200,
                        given.length > 2 ? given[2] : 250,
                        given.length > 3 ? given[3] : 20)
                .run();
    }

    private void run() throws IOException {
        Path config = Files.writeString(Files.createTempFile("bench", ".yaml"), """
                http: { port: 0 }
                management: { port: 0 }
                defaultModel: relayed
                models:
                  - name: relayed
                    engine: openai
                    upstreams: [ { url: "http://127.0.0.1:%d/v1", model: m, concurrent: 10000 } ]
                """.formatted(upstream()));
        try (ServiceProcess metered = ServiceProcess.start(config, true);
                ServiceProcess unmetered = ServiceProcess.start(config, false)) {
            for (int i = 0; i < WARM_UP_RUNS; i++) {
                load(metered, false);
                load(unmetered, false);
            }
            System.out.printf(Locale.ROOT, "%d pairs, %d streams, %d events each%n%n", pairs, streams, tokens);
            System.out.println("| what | without | with | with / without |\n|---|---|---|---|");
            compareCost(metered, unmetered);
            compareScrapes(metered);
        }
        System.out.println("\na scrape, ms: " + scrapeMillis.show("%.1f") + ", median (least … most)");
        client.close().await();
        vertx.close().await();
        System.out.printf(
                Locale.ROOT, "%d cores, Java %s%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
    }

    private void compareCost(ServiceProcess metered, ServiceProcess unmetered) {
        Samples without = new Samples();
        Samples with = new Samples();
        Samples ratio = new Samples();
        for (int i = 0; i < pairs; i++) {
            boolean meteredFirst = i % 2 == 0;
            double first = load(meteredFirst ? metered : unmetered, false).cpuMicrosPerEvent();
            double second = load(meteredFirst ? unmetered : metered, false).cpuMicrosPerEvent();
            with.add(meteredFirst ? first : second);
            without.add(meteredFirst ? second : first);
            ratio.add(meteredFirst ? first / second : second / first);
        }
        print("CPU per event, µs, with metrics", without, with, ratio);
    }

    private void compareScrapes(ServiceProcess metered) {
        Samples without = new Samples();
        Samples with = new Samples();
        Samples ratio = new Samples();
        for (int i = 0; i < pairs; i++) {
            boolean scrapedFirst = i % 2 == 0;
            double first = load(metered, scrapedFirst).ageP99Millis();
            double second = load(metered, !scrapedFirst).ageP99Millis();
            with.add(scrapedFirst ? first : second);
            without.add(scrapedFirst ? second : first);
            ratio.add(scrapedFirst ? first / second : second / first);
        }
        print("age of an event, p99, ms, with a scrape every second", without, with, ratio);
    }

    private static void print(String what, Samples without, Samples with, Samples ratio) {
        System.out.println("| " + what + " | " + without.show("%.2f") + " | " + with.show("%.2f") + " | "
                + ratio.show("%.3f") + " |");
    }

    private Run load(ServiceProcess service, boolean scraped) {
        Duration cpuBefore = service.cpu();
        long scraper = scraped ? vertx.setPeriodic(0, SCRAPE_MILLIS, now -> scrape(service)) : -1;
        List<Future<long[]>> running = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            running.add(stream(service));
        }
        Future.all(running).await();
        vertx.cancelTimer(scraper);
        double cpuMicros = service.cpu().minus(cpuBefore).toNanos() / 1e3;
        long[] ages = running.stream()
                .flatMapToLong(one -> Arrays.stream(one.result()))
                .sorted()
                .toArray();
        return new Run(cpuMicros / ages.length, ages[(int) (ages.length * 0.99)] / 1e3);
    }

    private void scrape(ServiceProcess service) {
        long began = System.nanoTime();
        client.request(HttpMethod.GET, service.management(), "127.0.0.1", "/metrics")
                .compose(request -> request.send())
                .compose(HttpClientResponse::body)
                .onSuccess(metrics -> scrapeMillis.add((System.nanoTime() - began) / 1e6))
                .onFailure(failure -> System.err.println("scrape: " + failure));
    }

    /** Reads one stream to its end; completes with the ages of its events. */
    private Future<long[]> stream(ServiceProcess service) {
        return client.request(HttpMethod.POST, service.http(), "127.0.0.1", "/v1/generate/stream")
                .compose(request -> request.putHeader("Authorization", "Bearer " + service.key())
                        .putHeader("Content-Type", "application/json")
                        .send(BODY))
                .compose(this::ages);
    }

    private Future<long[]> ages(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("status " + response.statusCode());
        }
        long[] ages = new long[tokens];
        int[] count = {0};
        AgeReader reader = new AgeReader(age -> ages[count[0]++] = age);
        response.handler(reader::read);
        return response.end()
                .compose(ended -> count[0] == 0
                        ? Future.failedFuture("a stream without an event")
                        : Future.succeededFuture(Arrays.copyOf(ages, count[0])));
    }

    /** Says the time, to everybody. */
    private int upstream() {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        return vertx.createHttpServer(options)
                .requestHandler(this::say)
                .listen()
                .await()
                .actualPort();
    }

    private void say(HttpServerRequest request) {
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        int[] said = {0};
        request.end()
                .onSuccess(read -> vertx.setPeriodic(intervalMillis, timer -> {
                    if (response.closed() || said[0]++ == tokens) {
                        vertx.cancelTimer(timer);
                        finish(response);
                    } else {
                        response.write(chunk("{\"content\":\" " + AgeReader.stamp() + "\"}", "null"));
                    }
                }));
    }

    private static void finish(HttpServerResponse response) {
        if (!response.closed()) {
            response.end(chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
        }
    }

    private static String chunk(String delta, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }
}
