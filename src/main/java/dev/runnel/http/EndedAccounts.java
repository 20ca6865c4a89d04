package dev.runnel.http;

import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@link Ended} of each generation of one verticle instance, as published on the bus. Belongs to the instance's
 * context: there a published {@link Ended} is dispatched after the reply that accepted its generation, so none is
 * missed.
 */
final class EndedAccounts {

    private final MessageConsumer<Ended> consumer;
    private final Map<String, Promise<Ended>> awaited = new HashMap<>();

    private EndedAccounts(MessageConsumer<Ended> consumer) {
        this.consumer = consumer;
    }

    /** Starts to listen, on the calling context. */
    static Future<EndedAccounts> open(Vertx vertx) {
        var accounts = new EndedAccounts(vertx.eventBus().consumer(Addresses.ENDED));
        accounts.consumer.handler(message -> accounts.received(message.body()));
        return accounts.consumer.completion().map(accounts);
    }

    /**
     * The account of a generation that was accepted in this turn of the event loop. {@link #forget} must follow.
     *
     * @return fails where this closes first; stays open where the message is lost
     */
    Future<Ended> of(String generationId) {
        return awaited.computeIfAbsent(generationId, id -> Promise.promise()).future();
    }

    void forget(String generationId) {
        awaited.remove(generationId);
    }

    private void received(Ended account) {
        Promise<Ended> promise = awaited.get(account.generationId());
        if (promise != null) {
            promise.tryComplete(account);
        }
    }

    /** Stops listening; what is still awaited fails. */
    Future<Void> close() {
        List.copyOf(awaited.values()).forEach(promise -> promise.tryFail("closed before the account arrived"));
        return consumer.unregister();
    }
}
