package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.net.OnContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Passes deltas on as they are requested and folds what arrives in between. Parts are passed on in their places between
 * deltas, as long as any delta is requested. Not thread-safe: everything happens on the
 * client's context.
 */
final class DeltaStream implements ReadStream<Delta> {

    private final Context context;
    private final FoldedDelta pending = new FoldedDelta();
    /** What precedes {@link #pending}, the last of it a part. Empty unless a reader that lags gets parts. */
    private final Queue<NumberedMessage> before = new ArrayDeque<>(0);

    private final Promise<Finished> end = Promise.promise();

    private long demand = Long.MAX_VALUE;
    private @Nullable Handler<Delta> handler;
    /** Without one, parts are dropped. */
    private @Nullable Handler<Part> partHandler;

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
        if (reader != null && demand == Long.MAX_VALUE && isEmpty()) {
            reader.handle(delta);
        } else {
            pending.add(delta);
            drain();
        }
    }

    void offer(Part part) {
        if (partHandler == null) {
            return;
        }
        Delta folded = pending.poll();
        if (folded != null) {
            before.add(folded);
        }
        before.add(part);
        drain();
    }

    /** Passes parts on from now on. */
    void partHandler(Handler<Part> reader) {
        partHandler = reader;
    }

    private boolean isEmpty() {
        return pending.isEmpty() && before.isEmpty();
    }

    /** Ends the stream after what is pending. */
    void end(Future<Finished> result) {
        outcome = result;
        drain();
    }

    /** Ends the stream now, and drops what is pending. */
    void abort(RuntimeException failure) {
        before.clear();
        pending.clear();
        end(Future.failedFuture(failure));
    }

    private void drain() {
        try {
            passOn();
        } finally {
            if (outcome != null && isEmpty()) {
                complete(outcome);
            }
        }
    }

    /** A reader may pause the stream, request more or end it meanwhile. */
    private void passOn() {
        while (handler != null && demand > 0 && !before.isEmpty()) {
            NumberedMessage next = before.remove();
            if (next instanceof Delta delta) {
                passOn(delta);
            } else if (next instanceof Part part && partHandler != null) {
                partHandler.handle(part);
            }
        }
        if (handler != null && demand > 0) {
            Delta last = pending.poll();
            if (last != null) {
                passOn(last);
            }
        }
    }

    private void passOn(Delta next) {
        demand -= demand == Long.MAX_VALUE ? 0 : 1;
        Objects.requireNonNull(handler).handle(next);
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
