package dev.runnel.client;

import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Look;
import dev.runnel.message.Status;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;

/** Asks the generator that an id names about its generation. */
final class GeneratorCalls {

    /** A generator answers within one turn of its event loop. */
    private static final long TIMEOUT_MILLIS = 2_000;

    private final EventBus bus;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS);

    GeneratorCalls(EventBus bus) {
        this.bus = bus;
    }

    /** Whether the generation was known. A generator that does not answer is gone, with its generations. */
    Future<Boolean> cancel(Cancel cancel) {
        return call(cancel.generationId(), cancel, Cancelled.class, new Cancelled(cancel.generationId(), false))
                .map(Cancelled::known);
    }

    Future<Status> look(Look look) {
        return call(look.generationId(), look, Status.class, Status.unknown(look.generationId()));
    }

    private <R> Future<R> call(String id, Record question, Class<R> type, R unknown) {
        return GenerationIds.home(id)
                .map(home -> bus.request(Addresses.generator(home), question, options)
                        .map(reply -> type.isInstance(reply.body()) ? type.cast(reply.body()) : unknown)
                        .recover(failure -> failure instanceof ReplyException
                                ? Future.succeededFuture(unknown)
                                : Future.failedFuture(failure)))
                .orElseGet(() -> Future.succeededFuture(unknown));
    }
}
