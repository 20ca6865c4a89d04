package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.config.GenerationConfig;
import dev.runnel.limit.Demand;
import dev.runnel.limit.Permit;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.metric.LimitMeters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * Charges callers for their generations. One per process; any thread.
 *
 * <p>Each generation is settled once, by the first of these events:
 *
 * <ol>
 *   <li>Its {@link Finished}, which carries the usage. It is settled before the client receives the end.
 *   <li>Its {@link Ended}, where it failed, was cancelled or its client left. The engine may continue for a moment;
 *       only then the usage is known and the caller's slot is free. It comes from the generator to the inbox of the
 *       generation's own client; what is published for observers is never waited for.
 *   <li>No {@link Ended} within the client's patience after the end, or the client is closed. The generator is gone or
 *       a message was lost. The full reservation is charged, so no slot leaks and no tokens are free.
 * </ol>
 */
public final class Settlements {

    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final LimitMeters meters;

    public Settlements(LimitMeters meters) {
        this.meters = meters;
    }

    /**
     * How long a client waits for an {@link Ended} after the end. A generator waits for an engine that it stopped as
     * long as for a next token, and then sends the account. The patience is 5 s more.
     */
    static Duration patience(GenerationConfig generation) {
        return generation.nextToken().plus(MARGIN);
    }

    /**
     * Settles the permit of a generation when it has ended.
     *
     * @param demand with which the generation was admitted
     * @return completes when it is settled; does not fail
     */
    Future<Void> follow(ClientGeneration generation, Permit permit, Demand demand) {
        Promise<Integer> usage = Promise.promise();
        generation
                .end()
                .onSuccess(finished -> usage.tryComplete(finished.usage().totalTokens()));
        generation
                .settled()
                .onSuccess(ended -> usage.tryComplete(ended.usage().totalTokens()))
                .onFailure(usage::tryFail);
        Future<Integer> settled = usage.future().onSuccess(permit::settle).onFailure(unknown -> {
            meters.unaccounted();
            permit.settle(demand.tokens());
        });
        return settled.otherwiseEmpty().mapEmpty();
    }
}
