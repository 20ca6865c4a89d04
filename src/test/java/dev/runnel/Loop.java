package dev.runnel;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs actions of a test's thread on an event loop. */
public final class Loop {

    private static final int SECONDS = 20;

    private final Context context;

    public Loop(Vertx vertx) {
        this(vertx.getOrCreateContext());
    }

    public Loop(Context context) {
        this.context = context;
    }

    /** Runs the action on the event loop and waits for its outcome. */
    public <T> T call(Callable<Future<T>> action) throws TimeoutException {
        Promise<T> done = Promise.promise();
        context.runOnContext(turn -> {
            try {
                action.call().onComplete(done);
            } catch (Exception | AssertionError e) {
                done.fail(e);
            }
        });
        return done.future().await(SECONDS, TimeUnit.SECONDS);
    }

    /** Runs the action on the event loop and waits until it has returned. */
    public void run(Runnable action) throws TimeoutException {
        call(() -> {
            action.run();
            return Future.succeededFuture();
        });
    }
}
