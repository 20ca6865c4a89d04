package dev.runnel.warmup;

import dev.runnel.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The callers of the {@link WarmUp}. Each runs one generation after the other; half of them open a new connection each
 * time. One more caller reads the metrics repeatedly, so that their code is compiled too. For one event loop.
 */
final class WarmUpClient {

    static final int CALLERS = 32;
    private static final Buffer PROMPT = Buffer.buffer("{\"prompt\":\"Tell me a story\",\"maxTokens\":64}");
    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions generation;
    private final RequestOptions scrape;
    private final StreamCount streams;

    /** @param streams counts what is read to its end */
    WarmUpClient(Vertx vertx, Ports ports, String key, StreamCount streams) {
        this.vertx = vertx;
        this.streams = streams;
        this.client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CALLERS));
        this.scrape = new RequestOptions()
                .setHost(LOOPBACK)
                .setPort(ports.management())
                .setURI("/metrics");
        this.generation = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(LOOPBACK)
                .setPort(ports.http())
                .setURI("/v1/generate/stream")
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json");
    }

    /**
     * Sends requests until there are enough streams, for {@code longest} at most, or until {@code stop} completes.
     *
     * @param isBusy while it is true, no requests are sent
     * @return completes when the last responses are read; fails with the first request that fails
     */
    Future<Void> run(Duration longest, Future<Void> stop, BooleanSupplier isBusy) {
        List<Supplier<Future<Void>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(i % 2 == 0 ? this::generate : this::generateAndLeave);
        }
        callers.add(this::scrape);
        Future<Void> enough = Future.any(stop, streams.reached()).mapEmpty();
        return new RepeatedCalls(vertx, isBusy).run(callers, longest, enough).eventually(client::close);
    }

    private Future<Void> generate() {
        return stream().mapEmpty();
    }

    /** As most command line clients do. */
    private Future<Void> generateAndLeave() {
        return stream().compose(HttpConnection::close);
    }

    private Future<HttpConnection> stream() {
        return ask(generation, PROMPT).onSuccess(read -> streams.add());
    }

    private Future<Void> scrape() {
        return ask(scrape, Buffer.buffer()).mapEmpty();
    }

    /** Completes with the connection when the response is read. */
    private Future<HttpConnection> ask(RequestOptions request, Buffer body) {
        return client.request(request)
                .compose(asked -> asked.send(body)
                        .expecting(HttpResponseExpectation.SC_OK)
                        .compose(HttpClientResponse::end)
                        .map(read -> asked.connection()));
    }
}
