package dev.runnel.client;

import dev.runnel.message.InboxMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The inbox of a consumer, as the generator of one generation sees it. What is sent goes over the bus, except to a {@link
 * GenerationClient} on the sender's own event loop: there it takes a place in the loop's queue, where the bus would put it
 * too, without the bus's envelopes and look-ups. And where both were deployed together, and the client knows the generation
 * already, it is a call. Belongs to the context it was made on.
 */
public final class Inbox {

    /** Vert.x's name of the map of the inboxes in this process. */
    static final String MAP = "runnel.inboxes";

    private static final Future<Void> SENT = Future.succeededFuture();
    private static final Future<Void> GONE = Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS));

    private final MessageProducer<InboxMessage> bus;
    private final @Nullable Near near;
    private final boolean isDeployedWithSender;
    /** Messages that wait in the loop's queue: none may overtake them. */
    private int queued;
    /** Whose messages it takes; looked up once. */
    private @Nullable ClientGeneration known;

    /**
     * A client in this process.
     *
     * @param listens whether its inbox is still registered on the bus
     */
    private record Near(Thread eventLoop, Context context, BooleanSupplier listens, Client client)
            implements Shareable {}

    /** Takes messages. */
    interface Client {

        /** Takes a message, whatever it is of. */
        void receive(InboxMessage message);

        /** The generation of that id, or {@code null} if it does not know it (yet, or any more). */
        @Nullable
        ClientGeneration known(String generationId);

        /** Takes a message of one that it knew once. */
        void receive(ClientGeneration known, InboxMessage message);
    }

    private Inbox(MessageProducer<InboxMessage> bus, @Nullable Near near, boolean isDeployedWithSender) {
        this.bus = bus;
        this.near = near;
        this.isDeployedWithSender = isDeployedWithSender;
    }

    /** The inbox at an address, for messages from the calling context. */
    public static Inbox at(Vertx vertx, String address) {
        MessageProducer<InboxMessage> bus = vertx.eventBus().sender(address);
        Near near = inboxes(vertx).get(address);
        if (near == null || near.eventLoop() != Thread.currentThread()) {
            return new Inbox(bus, null, false);
        }
        String deployment = vertx.getOrCreateContext().deploymentID();
        return new Inbox(
                bus,
                near,
                deployment != null && deployment.equals(near.context().deploymentID()));
    }

    /**
     * Sends; messages arrive in the order in which they are sent.
     *
     * @return fails where nobody listens
     */
    public Future<Void> send(InboxMessage message) {
        if (near == null) {
            return bus.write(message);
        }
        if (!near.listens().getAsBoolean()) {
            return GONE;
        }
        ClientGeneration generation = known(near, message);
        if (generation == null) {
            queue(near, message);
        } else {
            near.client().receive(generation, message);
        }
        return SENT;
    }

    private @Nullable ClientGeneration known(Near to, InboxMessage message) {
        if (queued > 0 || !isDeployedWithSender) {
            return null;
        }
        if (known == null) {
            known = to.client().known(message.generationId());
        }
        return known;
    }

    private void queue(Near to, InboxMessage message) {
        queued++;
        to.context().runOnContext(turn -> {
            queued--;
            to.client().receive(message);
        });
    }

    /** Called by a client on its event loop once its inbox is registered on the bus. */
    static void announce(Vertx vertx, String address, BooleanSupplier listens, Client client) {
        inboxes(vertx).put(address, new Near(Thread.currentThread(), vertx.getOrCreateContext(), listens, client));
    }

    /** Undoes {@link #announce}. */
    static void withdraw(Vertx vertx, String address) {
        inboxes(vertx).remove(address);
    }

    private static LocalMap<String, Near> inboxes(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
