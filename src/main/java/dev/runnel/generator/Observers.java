package dev.runnel.generator;

import dev.runnel.message.Addresses;
import dev.runnel.message.NumberedMessage;
import dev.runnel.net.OnContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.eventbus.MessageProducer;

/**
 * Publishes deltas and parts to observers. For one context.
 *
 * <p>The bus reports whether an observer is registered only when a message is published. A message without an observer
 * costs as much as one with. While there is no observer, two kinds of messages are published: the first of each
 * generation, and every 64th of all. So an observer gets every message of a generation that starts after it registered.
 */
final class Observers {

    private static final int PROBE_EVERY = 64;

    private final Context context;
    private final MessageProducer<NumberedMessage> bus;
    private boolean received = true;
    private int unpublished;

    /** @param context on which every method is called */
    Observers(Context context) {
        this.context = context;
        this.bus = context.owner().eventBus().publisher(Addresses.DELTAS);
    }

    void publish(NumberedMessage message) {
        assert OnContext.check(context);
        if (received || message.sequence() == 0 || ++unpublished == PROBE_EVERY) {
            unpublished = 0;
            bus.write(message).onComplete(this::published);
        }
    }

    private void published(AsyncResult<Void> result) {
        assert OnContext.check(context);
        received = result.succeeded();
    }
}
