package dev.runnel.engine.llama;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A promise that any thread may complete. Its future completes on the context of the thread that made it. */
final class ContextPromise<T> {

    private static final Logger LOG = LoggerFactory.getLogger(ContextPromise.class);

    private final Context context;
    private final Promise<T> promise = Promise.promise();

    ContextPromise(Vertx vertx) {
        context = vertx.getOrCreateContext();
    }

    Future<T> future() {
        return promise.future();
    }

    void complete(@Nullable T value) {
        onContext(() -> promise.complete(value));
    }

    void fail(String line) {
        onContext(() -> promise.fail(line));
    }

    void fail(Throwable cause) {
        onContext(() -> promise.fail(cause));
    }

    private void onContext(Runnable outcome) {
        try {
            context.runOnContext(hop -> outcome.run());
        } catch (RuntimeException e) {
            LOG.debug("the event loop is closed; the caller is not notified", e);
        }
    }
}
