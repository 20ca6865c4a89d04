package dev.runnel.client;

import dev.runnel.message.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import java.util.Optional;

/**
 * Finds the generator on the event loop of whoever asks, so that a generation's messages need not change threads. A generator
 * announces itself from its own event loop; where several share a loop, the last one that came is found.
 */
public final class SameLoop {

    private static final String MAP = "runnel.generatorsByEventLoop";

    private SameLoop() {}

    /** Called by a generator on its event loop once its address is registered. */
    public static void announce(Vertx vertx, String instance) {
        generators(vertx).put(Thread.currentThread().getId(), instance);
    }

    /** Undoes {@link #announce}, on the same event loop. */
    public static void withdraw(Vertx vertx, String instance) {
        generators(vertx).removeIfPresent(Thread.currentThread().getId(), instance);
    }

    /** The address of the generator on the calling event loop, if there is one. */
    static Optional<String> generator(Vertx vertx) {
        return Optional.ofNullable(generators(vertx).get(Thread.currentThread().getId()))
                .map(Addresses::generator);
    }

    private static LocalMap<Long, String> generators(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
