package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * Hands deltas over as they are asked for and folds what comes in between. Not thread-safe: everything happens on the
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

    /** How it ended, from when that is known; handed over behind the last delta. */
    private @Nullable Future<Finished> outcome;

    DeltaStream(Context context) {
        this.context = context;
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

    /** Ends the stream behind what is pending. */
    void end(Future<Finished> how) {
        outcome = how;
        drain();
    }

    /** Ends the stream now: what is pending is nobody's any more. */
    void abort(RuntimeException failure) {
        pending.clear();
        end(Future.failedFuture(failure));
    }

    private void drain() {
        try {
            handOver();
        } finally {
            if (outcome != null && pending.isEmpty()) {
                conclude(outcome);
            }
        }
    }

    private void handOver() {
        Handler<Delta> reader = handler;
        if (reader == null || demand == 0) {
            return;
        }
        Delta next = pending.take();
        if (next != null) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            reader.handle(next);
        }
    }

    private void conclude(Future<Finished> how) {
        boolean isFirst = how.succeeded() ? end.tryComplete(how.result()) : end.tryFail(how.cause());
        if (!isFirst) {
            return;
        }
        if (how.succeeded() && endHandler != null) {
            endHandler.handle(null);
        }
        if (how.failed() && exceptionHandler != null) {
            exceptionHandler.handle(how.cause());
        }
    }

    /** What came before is handed over soon after, not from within this call. */
    @Override
    public ReadStream<Delta> handler(@Nullable Handler<Delta> reader) {
        handler = reader;
        if (reader != null) {
            context.runOnContext(done -> drain());
        }
        return this;
    }

    @Override
    public ReadStream<Delta> pause() {
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<Delta> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Delta> fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount: " + amount + " (expected: >= 0)");
        }
        long sum = demand + amount;
        demand = sum < 0 ? Long.MAX_VALUE : sum;
        drain();
        return this;
    }

    @Override
    public ReadStream<Delta> endHandler(@Nullable Handler<Void> told) {
        endHandler = told;
        if (told != null && end.future().succeeded()) {
            context.runOnContext(told);
        }
        return this;
    }

    @Override
    public ReadStream<Delta> exceptionHandler(@Nullable Handler<Throwable> told) {
        exceptionHandler = told;
        if (told != null && end.future().failed()) {
            context.runOnContext(done -> told.handle(end.future().cause()));
        }
        return this;
    }
}
