package dev.runnel.http;

import dev.runnel.config.GenerationConfig;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.metric.LimitMeters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Charges callers for their generations. One per process; any thread.
 *
 * <p>Each generation is settled once, by the first of these events:
 *
 * <ol>
 *   <li>Its {@link Finished}, which carries the usage. It is settled before the client receives the end.
 *   <li>Its {@link Ended}, where it failed, was cancelled or its client left. The engine may continue for a moment;
 *       only then the usage is known and the caller's slot is free.
 *   <li>No {@link Ended} within the patience after its end, or it can no longer arrive. The generator is gone or a
 *       message was lost. The full reservation is charged, so no slot leaks and no tokens are free.
 * </ol>
 */
public final class Settlements {

    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final LimitMeters meters;
    private final Duration patience;

    /**
     * A generator waits for an engine that it stopped as long as for a next token, and then sends the account. The
     * patience is 5 s more.
     */
    public Settlements(Vertx vertx, LimitMeters meters, GenerationConfig generation) {
        this(vertx, meters, generation.nextToken().plus(MARGIN));
    }

    Settlements(Vertx vertx, LimitMeters meters, Duration patience) {
        this.vertx = vertx;
        this.meters = meters;
        this.patience = patience;
    }

    /**
     * Settles the reservation of a generation when it has ended.
     *
     * @param end its end as its client receives it
     * @param account its account; fails where that can no longer arrive
     * @return completes when it is settled; does not fail
     */
    Future<Void> follow(Future<Finished> end, Future<Ended> account, Reservation reservation) {
        Promise<Integer> usage = Promise.promise();
        end.onSuccess(finished -> usage.tryComplete(finished.usage().totalTokens()))
                .onFailure(failure -> limitWait(usage));
        account.onSuccess(ended -> usage.tryComplete(ended.usage().totalTokens()))
                .onFailure(usage::tryFail);
        return usage.future().transform(known -> {
            if (known.failed()) {
                meters.unaccounted();
            }
            reservation
                    .permit()
                    .settle(
                            known.succeeded()
                                    ? known.result()
                                    : reservation.demand().tokens());
            return Future.succeededFuture();
        });
    }

    private void limitWait(Promise<Integer> usage) {
        if (!usage.future().isComplete()) {
            long timer = vertx.setTimer(patience.toMillis(), late -> usage.tryFail("no account arrived"));
            usage.future().onComplete(known -> vertx.cancelTimer(timer));
        }
    }
}
