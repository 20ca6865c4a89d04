package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.net.OnContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes deltas on as they are requested and folds what arrives in between. Not thread-safe: everything happens on the
 * client's context.
 */
final class DeltaStream implements ReadStream<Delta> {

    private final Context context;
    private final FoldedDelta pending = new FoldedDelta();
    private final Promise<Finished> end = Promise.promise();

    private long demand = Long.MAX_VALUE;
    private @Nullable Handler<Delta> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    /** How it ended, once that is known; completes {@link #end} after the last delta. */
    private @Nullable Future<Finished> outcome;

    DeltaStream(Context context) {
        this.context = context;
    }

    /** Checks the calling thread, for an assertion. */
    boolean isOnLoop() {
        return OnContext.checkLoop(context);
    }

    Future<Finished> end() {
        return end.future();
    }

    void offer(Delta delta) {
        Handler<Delta> reader = handler;
        if (reader != null && demand == Long.MAX_VALUE && pending.isEmpty()) {
            reader.handle(delta);
        } else {
            pending.add(delta);
            drain();
        }
    }

    /** Ends the stream after what is pending. */
    void end(Future<Finished> result) {
        outcome = result;
        drain();
    }

    /** Ends the stream now, and drops what is pending. */
    void abort(RuntimeException failure) {
        pending.clear();
        end(Future.failedFuture(failure));
    }

    private void drain() {
        try {
            passOn();
        } finally {
            if (outcome != null && pending.isEmpty()) {
                complete(outcome);
            }
        }
    }

    private void passOn() {
        Handler<Delta> reader = handler;
        if (reader == null || demand == 0) {
            return;
        }
        Delta next = pending.poll();
        if (next != null) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            reader.handle(next);
        }
    }

    private void complete(Future<Finished> result) {
        boolean isFirst = result.succeeded() ? end.tryComplete(result.result()) : end.tryFail(result.cause());
        if (!isFirst) {
            return;
        }
        if (result.succeeded() && endHandler != null) {
            endHandler.handle(null);
        }
        if (result.failed() && exceptionHandler != null) {
            exceptionHandler.handle(result.cause());
        }
    }

    /** Deltas that came before are passed on soon after this call, not within it. */
    @Override
    public ReadStream<Delta> handler(@Nullable Handler<Delta> reader) {
        assert OnContext.checkLoop(context);
        handler = reader;
        if (reader != null) {
            context.runOnContext(done -> drain());
        }
        return this;
    }

    @Override
    public ReadStream<Delta> pause() {
        assert OnContext.checkLoop(context);
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<Delta> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Delta> fetch(long amount) {
        assert OnContext.checkLoop(context);
        if (amount < 0) {
            throw new IllegalArgumentException("amount: " + amount + " (expected: >= 0)");
        }
        long sum = demand + amount;
        demand = sum < 0 ? Long.MAX_VALUE : sum;
        drain();
        return this;
    }

    @Override
    public ReadStream<Delta> endHandler(@Nullable Handler<Void> listener) {
        assert OnContext.checkLoop(context);
        endHandler = listener;
        if (listener != null && end.future().succeeded()) {
            context.runOnContext(listener);
        }
        return this;
    }

    @Override
    public ReadStream<Delta> exceptionHandler(@Nullable Handler<Throwable> listener) {
        assert OnContext.checkLoop(context);
        exceptionHandler = listener;
        if (listener != null && end.future().failed()) {
            context.runOnContext(done -> listener.handle(end.future().cause()));
        }
        return this;
    }
}
