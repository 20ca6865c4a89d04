package dev.runnel.generator;

import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import io.vertx.core.AsyncResult;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageProducer;

/**
 * Publishes deltas to whoever observes. The bus says whether somebody does only when something is published; while nobody
 * does, that is asked with the first delta of each generation and with every 64th of all, since publishing to nobody
 * costs as much as to somebody. So an observer misses nothing of a generation that begins after it came. For one context.
 */
final class Observers {

    private static final int ASKED_EVERY = 64;

    private final MessageProducer<Delta> bus;
    private boolean heard = true;
    private int unpublished;

    Observers(EventBus bus) {
        this.bus = bus.publisher(Addresses.DELTAS);
    }

    void tell(Delta delta) {
        if (heard || delta.sequence() == 0 || ++unpublished == ASKED_EVERY) {
            unpublished = 0;
            bus.write(delta).onComplete(this::published);
        }
    }

    private void published(AsyncResult<Void> how) {
        heard = how.succeeded();
    }
}
