package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.net.ContextLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's inbox, for the generator or the guardian of one generation. Messages go over the bus, except to a client
 * on the sender's own event loop. There a message goes into the loop's queue, where the bus would put it too, without
 * the bus's envelopes and look-ups. Where both were deployed together and the client already knows the generation, it
 * is a call. Belongs to the context that made it.
 */
public final class Inbox {

    /** Vert.x's name of the map of the inboxes in this process. */
    static final String MAP = "runnel.inboxes";

    /** About what a message has besides its text: ids, numbers, address. */
    private static final int ENVELOPE_BYTES = 128;

    private static final Future<Void> SENT = Future.succeededFuture();
    private static final Future<Void> GONE = Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS));

    private final MessageProducer<InboxMessage> bus;
    private final @Nullable Near near;
    private final boolean isDeployedWithSender;
    /** What goes to another node is counted; {@code null} in this process. */
    private final OpenWrites.@Nullable ToInbox writes;
    /** What the node of the inbox compares with what has arrived; {@code null} in this process. */
    private SentNumbers.@Nullable Text numbers;
    /** Messages that wait in the loop's queue. A later message must not arrive before them. */
    private int queued;
    /** The receiver of the one generation, looked up once. */
    private @Nullable Receiver known;

    /**
     * A client in this process.
     *
     * @param isRegistered whether its inbox is still registered on the bus
     */
    private record Near(ContextLoop eventLoop, Context context, BooleanSupplier isRegistered, LocalClient client)
            implements Shareable {}

    /** Processes messages. */
    @FunctionalInterface
    interface Receiver {

        void receive(InboxMessage message);
    }

    /** A client in this process: it receives messages of any of its generations. */
    interface LocalClient extends Receiver {

        /** The receiver of one generation, which throws nothing; {@code null} if the generation is not known (yet). */
        @Nullable
        Receiver known(String generationId);
    }

    private Inbox(
            MessageProducer<InboxMessage> bus,
            @Nullable Near near,
            boolean isDeployedWithSender,
            OpenWrites.@Nullable ToInbox writes) {
        this.bus = bus;
        this.near = near;
        this.isDeployedWithSender = isDeployedWithSender;
        this.writes = writes;
    }

    /**
     * The inbox at an address, for messages from the calling context.
     *
     * @param vertx the sender's
     * @param address of the consumer's inbox
     * @return for one generation
     */
    public static Inbox at(Vertx vertx, String address) {
        return at(vertx, address, Optional.empty());
    }

    /**
     * As {@link #at(Vertx, String)}.
     *
     * @param open counts what goes to another node; then {@link #leave} is called at the end
     */
    public static Inbox at(Vertx vertx, String address, Optional<OpenWrites> open) {
        Near near = inboxes(vertx).get(address);
        // In a cluster, an inbox of this process needs no look-up in the cluster's map.
        var options = new DeliveryOptions().setLocalOnly(near != null);
        MessageProducer<InboxMessage> bus = vertx.eventBus().sender(address, options);
        Context context = vertx.getOrCreateContext();
        if (near == null) {
            return new Inbox(
                    bus, null, false, open.map(writes -> writes.to(address)).orElse(null));
        }
        if (!near.eventLoop().equals(ContextLoop.of(context))) {
            return new Inbox(bus, null, false, null);
        }
        String deployment = context.deploymentID();
        return new Inbox(
                bus,
                near,
                deployment != null && deployment.equals(near.context().deploymentID()),
                null);
    }

    /**
     * Sends. Messages arrive in the order in which they are sent.
     *
     * @param message the generation's next
     * @return fails where the inbox is not registered
     */
    public Future<Void> send(InboxMessage message) {
        if (near == null) {
            return writes == null ? bus.write(message) : sendAway(writes, message);
        }
        if (!near.isRegistered().getAsBoolean()) {
            return GONE;
        }
        Receiver generation = known(near, message);
        if (generation == null) {
            queue(near, message);
        } else {
            generation.receive(message);
        }
        return SENT;
    }

    /**
     * Lets the inbox's node notice that the last messages were lost with a connection. Without effect in this process.
     *
     * @param node the node's name
     * @param nothing the generation and the run, before the first message
     */
    public void compareAt(String node, SentText nothing) {
        if (writes != null && !node.isEmpty()) {
            numbers = writes.text(node, nothing);
        }
    }

    private Future<Void> sendAway(OpenWrites.ToInbox to, InboxMessage message) {
        Future<Void> written = to.written(size(message), bus.write(message));
        if (numbers != null && message instanceof NumberedMessage numbered) {
            numbers.sent(numbered);
        }
        return written;
    }

    private static int size(InboxMessage message) {
        if (message instanceof Delta delta) {
            return ENVELOPE_BYTES + delta.text().escapedLength();
        }
        return message instanceof Part part ? ENVELOPE_BYTES + part.json().length() : ENVELOPE_BYTES;
    }

    /** Whether so much is under way to another node that text should wait. */
    public boolean isFull() {
        return writes != null && writes.isFull();
    }

    /**
     * Runs an action once {@link #isFull} is false.
     *
     * @param action is run on the sender's context; the same one is not added twice
     */
    public void whenWritable(Runnable action) {
        if (writes != null) {
            writes.whenWritable(action);
        }
    }

    /**
     * The sender sends no more text.
     *
     * @param action of {@link #whenWritable}, which is not run any more
     */
    public void leave(Runnable action) {
        if (writes != null) {
            writes.leave(action);
        }
        if (numbers != null) {
            numbers.close();
        }
    }

    private @Nullable Receiver known(Near to, InboxMessage message) {
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

    /** A client calls it on its event loop once its inbox is registered on the bus. */
    static void announce(Vertx vertx, String address, BooleanSupplier isRegistered, LocalClient client) {
        Context context = vertx.getOrCreateContext();
        inboxes(vertx).put(address, new Near(ContextLoop.of(context), context, isRegistered, client));
    }

    /** Undoes {@link #announce}. */
    static void withdraw(Vertx vertx, String address) {
        inboxes(vertx).remove(address);
    }

    private static LocalMap<String, Near> inboxes(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
