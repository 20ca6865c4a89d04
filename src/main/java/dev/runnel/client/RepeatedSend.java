package dev.runnel.client;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;

/**
 * Sends messages to other nodes again until they are answered: a connection may break with one in it. The receiver may
 * get one twice. For one context.
 */
public final class RepeatedSend {

    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final int MAX_TRIES = 5;

    private final Vertx vertx;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(ANSWER.toMillis());

    /** @param vertx of the sender */
    public RepeatedSend(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Sends at once, and again every two seconds, five times in all. It ends earlier if there is an answer, or no
     * receiver.
     *
     * @param address of the receiver, which answers with any message
     * @param message has the same meaning if it comes twice
     */
    public void send(String address, Object message) {
        send(address, message, MAX_TRIES);
    }

    private void send(String address, Object message, int tries) {
        vertx.eventBus().request(address, message, options).onFailure(failure -> {
            if (tries == 1 || BusFailures.hasNoReceiver(failure)) {
                return;
            }
            if (BusFailures.isSilence(failure)) {
                send(address, message, tries - 1);
            } else {
                vertx.setTimer(ANSWER.toMillis(), passed -> send(address, message, tries - 1));
            }
        });
    }
}
