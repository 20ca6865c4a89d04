package dev.runnel.client;

import dev.runnel.message.Addresses;
import dev.runnel.net.ContextLoop;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the generator on the calling event loop, so that a generation's messages need not change threads. A generator
 * announces itself from its own event loop. Where several share a loop, the last one announced is found.
 */
public final class SameLoop {

    private static final String MAP = "runnel.generatorsByEventLoop";

    private SameLoop() {}

    /**
     * A generator calls it on its event loop once its address is registered.
     *
     * @param vertx the generator's
     * @param instance the generator's name, for {@link Addresses#generator}
     */
    public static void announce(Vertx vertx, String instance) {
        generators(vertx).put(ContextLoop.current(vertx), instance);
    }

    /**
     * Undoes {@link #announce}, on the same event loop.
     *
     * @param vertx the generator's
     * @param instance the generator's name
     */
    public static void withdraw(Vertx vertx, String instance) {
        generators(vertx).removeIfPresent(ContextLoop.current(vertx), instance);
    }

    /** The address of the generator on the calling event loop, if there is one. */
    static Optional<String> generator(Vertx vertx) {
        return Optional.ofNullable(generators(vertx).get(ContextLoop.current(vertx)))
                .map(Addresses::generator);
    }

    /** The addresses of all generators of this process. */
    static Set<String> all(Vertx vertx) {
        return generators(vertx).values().stream().map(Addresses::generator).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a generator of this process has an address. */
    static boolean isHere(Vertx vertx, String address) {
        return all(vertx).contains(address);
    }

    private static LocalMap<ContextLoop, String> generators(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
