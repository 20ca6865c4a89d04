package dev.runnel.generator;

import dev.runnel.client.BusFailures;
import dev.runnel.client.Inbox;
import dev.runnel.message.Ended;
import dev.runnel.message.NumberedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.Optional;

/**
 * Sends the end of a run to a consumer on another node until it is answered: it may be lost with a connection. Refers
 * to no text. For one context.
 *
 * @param address of the inbox
 * @param end the last message before the account; empty if the consumer gets none
 */
record EndDelivery(Vertx vertx, String address, Inbox inbox, Optional<NumberedMessage> end, Ended account) {

    private static final long AGAIN_MILLIS = 2_000;
    private static final int MAX_SENT = 5;

    /**
     * Sends the account now, and after that the end and the account.
     *
     * @return completes when the consumer has the account, with what confirms to it that it is published. Fails if the
     *     consumer goes on elsewhere
     */
    Future<Runnable> send() {
        return send(1);
    }

    private Future<Runnable> send(int count) {
        long patience = count < MAX_SENT ? AGAIN_MILLIS : WithheldEnds.KEPT_MILLIS - MAX_SENT * AGAIN_MILLIS;
        var options = new DeliveryOptions().setSendTimeout(patience).addHeader(Ended.CONFIRMS, "");
        return vertx.eventBus()
                .request(address, account, options)
                .map(EndDelivery::confirmation)
                .recover(failure -> {
                    if (count == MAX_SENT || !BusFailures.isSilence(failure)) {
                        return Future.failedFuture(failure);
                    }
                    end.ifPresent(inbox::send);
                    return send(count + 1);
                });
    }

    private static Runnable confirmation(Message<Object> acknowledgement) {
        return () -> {
            if (acknowledgement.replyAddress() != null) {
                acknowledgement.reply(null);
            }
        };
    }
}
