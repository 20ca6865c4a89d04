package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The {@link Loop} of every event loop that a model was called on. */
final class Loops {

    /**
     * One event loop, seen from one deployment: a Vert.x client ends with the verticle that made it, and must not take
     * another's streams along.
     */
    private record Home(Thread eventLoop, @Nullable String deployment) {}

    private final Vertx vertx;
    private final JsonFactory json;
    private final Api api;
    private final Map<Home, Loop> loops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Loops(Vertx vertx, JsonFactory json, Api api) {
        this.vertx = vertx;
        this.json = json;
        this.api = api;
    }

    /** The calling event loop's. */
    Loop of(Context context) {
        Home home = new Home(Thread.currentThread(), context.deploymentID());
        Loop loop = loops.computeIfAbsent(home, h -> new Loop(vertx, json, api));
        if (closed) {
            loop.close();
        }
        return loop;
    }

    Future<Void> close() {
        closed = true;
        List<Future<Void>> closing = loops.values().stream().map(Loop::close).toList();
        return Future.join(closing).mapEmpty();
    }
}
