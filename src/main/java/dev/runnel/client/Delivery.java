package dev.runnel.client;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;

/** Sends a message until it is answered: the connection to a node that was cut off or frozen may be broken. */
public final class Delivery {

    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final int MAX_TRIES = 5;

    private final Vertx vertx;
    private final String address;
    private final Object message;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(AGAIN.toMillis());

    private Delivery(Vertx vertx, String address, Object message) {
        this.vertx = vertx;
        this.address = address;
        this.message = message;
    }

    /**
     * Sends, five times within 20 s at most.
     *
     * @param vertx of the process
     * @param address of a receiver that answers. One of an older version may not, and reads the message again
     * @param message means the same when it is read twice
     */
    public static void send(Vertx vertx, String address, Object message) {
        new Delivery(vertx, address, message).send(MAX_TRIES);
    }

    private void send(int tries) {
        vertx.eventBus().request(address, message, options).onFailure(silence -> {
            if (tries > 1) {
                vertx.setTimer(AGAIN.toMillis(), passed -> send(tries - 1));
            }
        });
    }
}
