package dev.runnel;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The callers of the {@link WarmUp}: some at once, each with one generation after the other. For one event loop. */
final class WarmUpClient {

    private static final int CALLERS = 32;
    private static final String PROMPT = "{\"prompt\":\"Tell me a story\",\"maxTokens\":64}";

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions request;
    private volatile boolean enough;

    WarmUpClient(Vertx vertx, int port, String key) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CALLERS));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/generate/stream")
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json");
    }

    /**
     * Calls for {@code duration}, or until {@code stop} completes.
     *
     * @return completes when the last answers are read; fails with the first request that does
     */
    Future<Void> run(Duration duration, Future<Void> stop) {
        long timer = vertx.setTimer(duration.toMillis(), late -> enough = true);
        stop.onComplete(stopped -> enough = true);
        List<Future<Void>> callers =
                Stream.generate(this::caller).limit(CALLERS).toList();
        return Future.all(callers)
                .eventually(() -> {
                    vertx.cancelTimer(timer);
                    return client.close();
                })
                .mapEmpty();
    }

    private Future<Void> caller() {
        Promise<Void> gone = Promise.promise();
        call(gone);
        return gone.future();
    }

    private void call(Promise<Void> gone) {
        if (enough) {
            gone.complete();
            return;
        }
        client.request(request)
                .compose(WarmUpClient::send)
                .compose(HttpClientResponse::end)
                .onSuccess(answered -> call(gone))
                .onFailure(gone::fail);
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request) {
        return request.send(PROMPT).expecting(HttpResponseExpectation.SC_OK);
    }
}
