package dev.runnel.simulation;

import dev.runnel.message.Accepted;
import dev.runnel.message.Ended;
import dev.runnel.message.InboxMessage;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.impl.EventBusImpl;
import io.vertx.core.eventbus.impl.MessageImpl;
import io.vertx.core.eventbus.impl.OutboundDeliveryContext;
import java.lang.reflect.Field;
import java.net.ConnectException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bus of one node, as part of a bus of several. What has no consumer here goes to the node that has one, through
 * the codecs and the simulated network, in the order in which it was sent. Consumers get it as Vert.x delivers it: on
 * an event loop of connections first.
 */
final class NodeBus {

    /** As Vert.x names the addresses of replies. Each node counts them from 1. */
    private static final String REPLY = "__vertx.reply.";

    /** Before the address of a reply: the node that waits for it. */
    private static final String REPLY_TO = "simulation.reply.";

    private final String node;
    private final EventBus bus;
    private final ClusterNet net;
    private final ClusterRules rules;
    private final Context connections;
    private final Map<String, ?> consumers;
    /** Where the answer to the message goes that is delivered now. */
    private @Nullable String replyTo;

    /**
     * A message between two nodes.
     *
     * @param replyTo empty if no answer is awaited
     */
    record Parcel(
            String address,
            Buffer body,
            MessageCodec<Object, Object> codec,
            boolean isPublished,
            Optional<String> replyTo,
            MultiMap headers,
            String what) {}

    NodeBus(String node, Vertx vertx, ClusterNet net, ClusterRules rules) {
        this.node = node;
        this.bus = vertx.eventBus();
        this.net = net;
        this.rules = rules;
        this.connections = vertx.getOrCreateContext();
        this.consumers = consumers(bus);
    }

    /** Vert.x has no public way to see which addresses have a consumer. */
    @SuppressWarnings("unchecked")
    private static Map<String, ?> consumers(EventBus bus) {
        try {
            Field field = EventBusImpl.class.getDeclaredField("handlerMap");
            field.setAccessible(true);
            return (Map<String, ?>) field.get(bus);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    void install() {
        bus.addOutboundInterceptor(this::sent);
    }

    String node() {
        return node;
    }

    boolean hasConsumer(String address) {
        return consumers.containsKey(address);
    }

    private void sent(DeliveryContext<Object> context) {
        var sent = (OutboundDeliveryContext<Object>) context;
        String address = context.message().address();
        if (context.body() instanceof Accepted accepted && !sent.options.isLocalOnly()) {
            rules.accepted(node, accepted.generationId());
        }
        if (replyTo != null) {
            sent.message.setReplyAddress(replyTo);
            context.next();
        } else if (address.startsWith(REPLY_TO)) {
            int end = address.indexOf('/');
            net.send(node, address.substring(REPLY_TO.length(), end), parcel(sent, address.substring(end + 1)));
            sent.tryComplete();
        } else if (sent.options.isLocalOnly() || address.startsWith(REPLY)) {
            context.next();
        } else if (!context.send()) {
            publish(context, sent);
        } else if (hasConsumer(address)) {
            context.next();
        } else {
            sendElsewhere(context, sent);
        }
    }

    private void publish(DeliveryContext<Object> context, OutboundDeliveryContext<Object> sent) {
        if (context.body() instanceof Ended ended) {
            rules.published(node, ended);
        }
        String address = context.message().address();
        net.receivers(node, address).forEach(to -> net.send(node, to, parcel(sent, address)));
        context.next();
    }

    private void sendElsewhere(DeliveryContext<Object> context, OutboundDeliveryContext<Object> sent) {
        String address = context.message().address();
        Optional<String> to = net.receivers(node, address).stream().findFirst();
        if (to.isEmpty()) {
            // As without a registration in the cluster: it fails at once.
            context.next();
            return;
        }
        if (context.body() instanceof InboxMessage message) {
            rules.spoke(node, address, message);
        }
        if (net.isDead(to.get())) {
            // Its connection is closed, and no new one is accepted.
            connections.runOnContext(turn -> sent.tryFail(new ConnectException("refused")));
            return;
        }
        net.send(node, to.get(), parcel(sent, address));
        sent.tryComplete();
    }

    @SuppressWarnings("unchecked")
    private Parcel parcel(OutboundDeliveryContext<Object> sent, String address) {
        MessageImpl<?, Object> message = sent.message;
        var codec = (MessageCodec<Object, Object>) message.codec();
        Buffer body = Buffer.buffer();
        codec.encodeToWire(body, message.body());
        Optional<String> reply =
                Optional.ofNullable(message.replyAddress()).map(awaited -> REPLY_TO + node + "/" + awaited);
        String what =
                message.body() == null ? "nothing" : message.body().getClass().getSimpleName();
        return new Parcel(address, body, codec, !sent.send(), reply, message.headers(), what);
    }

    /** A message of another node has come. A process that does not run reads it later. */
    void arrive(Parcel parcel) {
        connections.runOnContext(turn -> deliver(parcel));
    }

    private void deliver(Parcel parcel) {
        Object body = parcel.codec().decodeFromWire(0, parcel.body());
        var here = new DeliveryOptions().setLocalOnly(true).setHeaders(parcel.headers());
        if (parcel.isPublished()) {
            bus.publish(parcel.address(), body, here);
            return;
        }
        replyTo = parcel.replyTo().orElse(null);
        try {
            bus.send(parcel.address(), body, here);
        } finally {
            replyTo = null;
        }
    }
}
