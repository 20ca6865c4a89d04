package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The {@link LoopClients} of every event loop that a model was called on. */
final class UpstreamClients {

    /**
     * One event loop, seen from one deployment: a Vert.x client ends with the verticle that made it, and must not take
     * another's streams along.
     */
    private record Home(Thread eventLoop, @Nullable String deployment) {}

    private final Vertx vertx;
    private final JsonFactory json;
    private final Api api;
    private final Map<Home, LoopClients> loops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    UpstreamClients(Vertx vertx, JsonFactory json, Api api) {
        this.vertx = vertx;
        this.json = json;
        this.api = api;
    }

    /** The calling event loop's. */
    LoopClients of(Context context) {
        Home home = new Home(Thread.currentThread(), context.deploymentID());
        LoopClients loop = loops.computeIfAbsent(home, h -> new LoopClients(vertx, json, api));
        if (closed) {
            loop.close();
        }
        return loop;
    }

    Future<Void> close() {
        closed = true;
        List<Future<Void>> closing =
                loops.values().stream().map(LoopClients::close).toList();
        return Future.join(closing).mapEmpty();
    }
}
