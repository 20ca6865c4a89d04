package dev.runnel.warmup;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Callers that repeat a call each, until the time is over. They pause while something else is busy. For one event loop.
 */
final class RepeatedCalls {

    /** The time until a pausing caller looks again. */
    private static final long PAUSE_MILLIS = 50;

    /** After the time, the last calls may take so long. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final BooleanSupplier isBusy;
    private final Duration lastCalls;
    private volatile boolean enough;

    /** @param isBusy whether the callers pause */
    RepeatedCalls(Vertx vertx, BooleanSupplier isBusy) {
        this(vertx, isBusy, LAST_CALLS);
    }

    /** @param lastCalls how long calls may take after the time is over */
    RepeatedCalls(Vertx vertx, BooleanSupplier isBusy, Duration lastCalls) {
        this.vertx = vertx;
        this.isBusy = isBusy;
        this.lastCalls = lastCalls;
    }

    /**
     * Starts all callers, and lets each repeat its call for {@code duration} or until {@code stop} completes.
     *
     * @return completes when the last calls have ended; fails with the first call that fails, or if one of the last
     *     calls does not end
     */
    Future<Void> run(List<Supplier<Future<Void>>> callers, Duration duration, Future<Void> stop) {
        Promise<Void> ended = Promise.promise();
        long timer = vertx.setTimer(duration.toMillis(), late -> enough = true);
        long lastTimer = vertx.setTimer(
                duration.plus(lastCalls).toMillis(),
                late -> ended.tryFail("a call has not ended " + lastCalls.toSeconds() + " s after the time of all"));
        stop.onComplete(stopped -> enough = true);
        Future.all(callers.stream().map(this::repeat).toList()).onComplete(all -> {
            if (all.succeeded()) {
                ended.tryComplete();
            } else {
                ended.tryFail(all.cause());
            }
        });
        return ended.future().onComplete(done -> {
            enough = true;
            vertx.cancelTimer(timer);
            vertx.cancelTimer(lastTimer);
        });
    }

    private Future<Void> repeat(Supplier<Future<Void>> call) {
        Promise<Void> ended = Promise.promise();
        repeat(call, ended);
        return ended.future();
    }

    private void repeat(Supplier<Future<Void>> call, Promise<Void> ended) {
        if (enough) {
            ended.complete();
        } else if (isBusy.getAsBoolean()) {
            vertx.setTimer(PAUSE_MILLIS, later -> repeat(call, ended));
        } else {
            call.get().onSuccess(answered -> repeat(call, ended)).onFailure(ended::fail);
        }
    }
}
