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
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The callers of a {@link TrainingService}. They send each kind of request over TLS: over connections of HTTP/2, and
 * over HTTP/1.1 with a new connection each time. For one event loop.
 */
final class TrainingClient {

    private static final int CALLERS_OF_EACH = 2;
    private static final int MAX_CONNECTIONS = 32;
    private static final String LOOPBACK = "127.0.0.1";

    private static final String PROMPT = "{\"prompt\":\"Tell me a story\",\"maxTokens\":64}";
    private static final String PROMPT_OF_FILE = "{\"model\":\"file\",\"prompt\":\"Tell me a story\",\"maxTokens\":16}";
    private static final String CHAT =
            "{\"model\":\"training\",\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"}]}";

    private static final List<String> MANAGEMENT = List.of("/metrics", "/health/ready", "/health/live");

    private final Vertx vertx;
    private final Ports ports;
    private final String key;
    private final boolean hasFile;
    private final HttpClient http1;
    private final HttpClient http2;

    /** @param hasFile whether the service has a model of a file */
    TrainingClient(Vertx vertx, Ports ports, String key, boolean hasFile) {
        this.vertx = vertx;
        this.ports = ports;
        this.key = key;
        this.hasFile = hasFile;
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS);
        // The server is a child process on the loopback address, and its key opens nothing else.
        HttpClientOptions tls =
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
        this.http1 = vertx.createHttpClient(tls, pool);
        this.http2 = vertx.createHttpClient(
                new HttpClientOptions(tls).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2), pool);
    }

    /** Sends requests for {@code duration}; fails with the first request that fails. */
    Future<Void> run(Duration duration) {
        List<Supplier<Future<Void>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS_OF_EACH; i++) {
            service("/v1/generate/stream", PROMPT, callers);
            service("/v1/generate", PROMPT, callers);
            service("/v1/chat/completions", CHAT.formatted(true), callers);
            service("/v1/chat/completions", CHAT.formatted(false), callers);
        }
        if (hasFile) {
            service("/v1/generate/stream", PROMPT_OF_FILE, callers);
        }
        RequestOptions models = options(ports.http(), "/v1/models").putHeader("Authorization", "Bearer " + key);
        callers.add(() -> ask(http2, models, "").mapEmpty());
        for (String path : MANAGEMENT) {
            RequestOptions plain = options(ports.management(), path).setSsl(false);
            callers.add(() -> ask(http1, plain, "").mapEmpty());
        }
        return new RepeatedCalls(vertx, () -> false)
                .run(callers, duration, Future.future(never -> {}))
                .eventually(() -> Future.join(http1.close(), http2.close()));
    }

    private void service(String path, String body, List<Supplier<Future<Void>>> callers) {
        RequestOptions request = options(ports.http(), path)
                .setMethod(HttpMethod.POST)
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json");
        callers.add(() -> ask(http2, request, body).mapEmpty());
        callers.add(() -> ask(http1, request, body).compose(HttpConnection::close));
    }

    private static RequestOptions options(int port, String path) {
        return new RequestOptions().setHost(LOOPBACK).setPort(port).setURI(path);
    }

    /** Completes with the connection when the response is read. */
    private static Future<HttpConnection> ask(HttpClient client, RequestOptions request, String body) {
        return client.request(request)
                .compose(asked -> asked.send(Buffer.buffer(body))
                        .expecting(HttpResponseExpectation.SC_OK)
                        .compose(HttpClientResponse::end)
                        .map(read -> asked.connection()));
    }
}
