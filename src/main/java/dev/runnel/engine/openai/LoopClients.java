package dev.runnel.engine.openai;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * What the requests of one model on one event loop share: the HTTP clients and the buffers.
 *
 * <p>The pool of a Vert.x client (5.0.12, {@code SharedHttpClientConnectionGroup}) returns any idle connection, of
 * whichever event loop. A client for each event loop keeps its connections and their streams on that loop.
 */
final class LoopClients {

    private final Vertx vertx;
    private final Function<Api, ParseBuffers> newBuffers;
    /** For the event loop only. */
    private final Map<Api, ParseBuffers> buffers = new EnumMap<>(Api.class);

    /** Guarded by this: created on the event loop, closed on any thread. */
    private final Map<Integer, HttpClient> clients = new HashMap<>();

    private boolean closed;

    /** For the event loop only. */
    private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

    /** @param newBuffers makes those of one route */
    LoopClients(Vertx vertx, Function<Api, ParseBuffers> newBuffers) {
        this.vertx = vertx;
        this.newBuffers = newBuffers;
    }

    ParseBuffers buffers(Api api) {
        return buffers.computeIfAbsent(api, newBuffers);
    }

    /** A request to the upstream on a connection of this event loop; fails without a connection. */
    Future<HttpClientRequest> request(Upstream upstream, Api api) {
        try {
            return client(upstream).request(upstream.options().request(api));
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    /** Whether the connection has carried a request before: the upstream may have closed it since then. */
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
                        .with(upstream.options().client())
                        .with(upstream.options().pool())
                        // The connection's streams are notified too. Without a handler Vert.x logs every reset as an
                        // error.
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
