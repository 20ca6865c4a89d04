package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What a model's requests share that are made on one event loop: the HTTP clients, and what is read with.
 *
 * <p>The pool of a Vert.x client (5.0.12, {@code SharedHttpClientConnectionGroup}) hands out any idle connection, whichever
 * event loop it lives on. A client of its own keeps an event loop's connections on that loop, and its streams too.
 */
final class LoopClients {

    private final Vertx vertx;
    private final ParseBuffers bench;

    /** Guarded by this: made on the event loop, closed from anywhere. */
    private final Map<Integer, HttpClient> clients = new HashMap<>();

    private boolean closed;

    /** For the event loop only. */
    private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

    LoopClients(Vertx vertx, JsonFactory json, Api api) {
        this.vertx = vertx;
        this.bench = new ParseBuffers(json, api);
    }

    ParseBuffers bench() {
        return bench;
    }

    /** A request to the upstream, in a connection of this event loop; fails where none can be had. */
    Future<HttpClientRequest> request(Upstream upstream) {
        try {
            return client(upstream).request(upstream.wiring().request());
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    /** Whether the connection has carried a request before: the upstream may have closed it meanwhile. */
    boolean isReused(HttpConnection connection) {
        return !used.add(connection);
    }

    private synchronized HttpClient client(Upstream upstream) {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        return clients.computeIfAbsent(
                upstream.place(),
                place -> vertx.httpClientBuilder()
                        .with(upstream.wiring().client())
                        .with(upstream.wiring().pool())
                        // Its streams hear of it too; without a handler Vert.x logs every reset as an error.
                        .withConnectHandler(connection -> connection.exceptionHandler(cause -> {}))
                        .build());
    }

    synchronized Future<Void> close() {
        closed = true;
        List<Future<?>> closing = new ArrayList<>();
        clients.values().forEach(client -> closing.add(client.close()));
        clients.clear();
        return Future.join(closing).mapEmpty();
    }
}
