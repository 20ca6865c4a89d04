package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The generations of one verticle instance, from being accepted until their callers are charged. Belongs to the instance's
 * context.
 *
 * <p>Each is settled once, by the first of these that comes:
 *
 * <ol>
 *   <li>its {@link Finished}, which carries the usage, and comes before the client is told of the end;
 *   <li>its {@link Ended}, where it failed, was cancelled or its client left: the engine may go on for a moment, and only then
 *       the usage is known and the caller's slot free;
 *   <li>nothing of that for the patience behind its end as seen here, or this verticle stops: then its generator is gone, or a
 *       message was lost, and it is settled as what was reserved, so that neither a slot is lost nor anything is free.
 * </ol>
 */
final class Settlements {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final AccessControl access;
    private final Duration patience;
    private final MessageConsumer<Ended> accounts;
    private final Map<String, Open> generations = new HashMap<>();
    private Runnable unsubscribe = () -> {};

    /** @param timer runs while the account is waited for, else {@link #NO_TIMER} */
    private record Open(ClientGeneration generation, Reservation reservation, long timer) {}

    private Settlements(Vertx vertx, AccessControl access, Duration patience) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.access = access;
        this.patience = patience;
        this.accounts = vertx.eventBus().consumer(Addresses.ENDED);
    }

    /**
     * Begins to listen, on the calling context.
     *
     * @param patience longer than a generator waits for an engine that it has told to stop
     */
    static Future<Settlements> open(Vertx vertx, AccessControl access, Duration patience) {
        var open = new Settlements(vertx, access, patience);
        open.accounts.handler(message -> open.accounted(message.body()));
        open.unsubscribe =
                access.revocations().onRevoked(keyId -> open.context.runOnContext(go -> open.revoked(keyId)));
        return open.accounts.completion().map(open);
    }

    /** Whether nothing may begin with this key any more. */
    boolean isRevoked(String keyId) {
        return access.revocations().contains(keyId);
    }

    /** Takes care of a generation that was accepted just now. */
    void follow(ClientGeneration generation, Reservation reservation) {
        String id = generation.id();
        generations.put(id, new Open(generation, reservation, NO_TIMER));
        generation.end().onComplete(end -> ended(id, end));
        if (isRevoked(reservation.keyId())) {
            generation.cancel(revoked());
        }
    }

    static RefusedException revoked() {
        return new RefusedException(ErrorResponse.unauthenticated("The API key was revoked: ask for a new one"));
    }

    private void ended(String id, AsyncResult<Finished> end) {
        if (end.succeeded()) {
            settle(id, end.result().usage().totalTokens());
        } else {
            generations.computeIfPresent(id, (same, open) -> waiting(id, open));
        }
    }

    private Open waiting(String id, Open open) {
        long timer = vertx.setTimer(patience.toMillis(), late -> settleAsReserved(id));
        return new Open(open.generation(), open.reservation(), timer);
    }

    private void accounted(Ended account) {
        settle(account.generationId(), account.usage().totalTokens());
    }

    private void settle(String id, long usedTokens) {
        Open open = generations.remove(id);
        if (open != null) {
            vertx.cancelTimer(open.timer());
            open.reservation().permit().settle(usedTokens);
        }
    }

    private void settleAsReserved(String id) {
        Open open = generations.get(id);
        if (open != null) {
            access.meters().unaccounted();
            settle(id, open.reservation().demand().tokens());
        }
    }

    private void revoked(String keyId) {
        // A copy: what is cancelled may end, and leave the map, before the call returns.
        for (Open open : List.copyOf(generations.values())) {
            if (open.reservation().keyId().equals(keyId)) {
                open.generation().cancel(revoked());
            }
        }
    }

    /** Settles the rest and listens no more. */
    Future<Void> close() {
        unsubscribe.run();
        List.copyOf(generations.keySet()).forEach(this::settleAsReserved);
        return accounts.unregister();
    }
}
