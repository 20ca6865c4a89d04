package dev.runnel.engine.openai;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The {@link LoopClients} of every event loop that a model was called on. */
final class UpstreamClients {

    /**
     * One event loop in one deployment. Vert.x closes a client together with the verticle that created it, which must
     * not close the streams of another verticle.
     */
    private record Home(Thread eventLoop, @Nullable String deployment) {}

    private final Vertx vertx;
    private final Function<Api, ParseBuffers> buffers;
    private final Map<Home, LoopClients> loops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param buffers makes those of one event loop and route */
    UpstreamClients(Vertx vertx, Function<Api, ParseBuffers> buffers) {
        this.vertx = vertx;
        this.buffers = buffers;
    }

    /** Those of the calling event loop. */
    LoopClients of(Context context) {
        Home home = new Home(Thread.currentThread(), context.deploymentID());
        LoopClients loop = loops.computeIfAbsent(home, h -> new LoopClients(vertx, buffers));
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
