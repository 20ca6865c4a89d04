package dev.runnel.simulation;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Submit;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Delays, loses and repeats messages between two lanes. The order of the messages from one lane to another stays, as
 * the bus promises. A cancel is never lost: the bus loses nothing within a process, and between two nodes a generator
 * stops without its consumer.
 */
final class BusFaults {

    private static final String SENDER = "simulation.sender";
    private static final String REPEATED = "simulation.repeated";
    private static final int LONGEST_DELAY_MILLIS = 400;

    private final World world;
    private final EventBus bus;
    private final boolean losesMessages;
    private final Choices.Draws draws;
    private final Map<String, Long> lastNanos = new HashMap<>();
    /** Messages that are late, by their way. Later ones must not pass them. */
    private final Map<String, Integer> waiting = new HashMap<>();

    /** Generations of which a message was lost. */
    private final Set<String> incomplete = new HashSet<>();

    /** The lane whose client has submitted a generation. */
    private final Map<String, String> clients = new HashMap<>();

    private int number;
    private boolean lost;
    private boolean late;

    BusFaults(World world, EventBus bus) {
        this.world = world;
        this.bus = bus;
        this.draws = world.choices().at("bus");
        this.losesMessages = draws.chance(0.3);
    }

    void install() {
        bus.addOutboundInterceptor(this::sent);
        bus.addInboundInterceptor(this::received);
    }

    /** Whether a message was lost or repeated, so that not every generation has all its messages. */
    boolean wereMessagesLost() {
        return lost;
    }

    /** Whether a message was late. Then time limits of several messages are longer. */
    boolean wereMessagesLate() {
        return late;
    }

    private void sent(DeliveryContext<Object> context) {
        context.message().headers().set(SENDER, world.loops().current());
        if (context.body() instanceof Cancel && world.plant().hits(Plant.Bug.LOST_CANCEL)) {
            return;
        }
        boolean isAccount = !context.send() && context.body() instanceof Ended;
        if (isAccount && world.plant().hits(Plant.Bug.NEVER_ENDED)) {
            return;
        }
        context.next();
        if (isAccount && world.plant().hits(Plant.Bug.ENDED_TWICE)) {
            bus.publish(Addresses.ENDED, context.body());
        }
    }

    private void received(DeliveryContext<Object> context) {
        Message<Object> message = context.message();
        String from = message.headers().get(SENDER);
        String to = world.loops().current();
        if (context.body() instanceof Accepted accepted) {
            clients.put(accepted.generationId(), to);
        }
        if (!context.send() || to.equals(from)) {
            context.next();
            return;
        }
        number++;
        world.steps().add(to, "receives " + describe(context.body()) + " of " + from);
        String name = "message " + number;
        boolean isLost = mayBeLost(context.body(), to) && losesMessages && draws.fault(0.01, name + " is lost");
        if (isLost && isFirstLoss(context.body())) {
            lost = true;
            return;
        }
        boolean repeats = mayBeRepeated(message, to) && losesMessages && draws.fault(0.01, name + " is repeated");
        deliver(context, from + to, draws.fault(0.1, name + " is late") ? draws.between(1, LONGEST_DELAY_MILLIS) : 0);
        if (repeats) {
            lost = true;
            bus.send(message.address(), context.body(), new DeliveryOptions().addHeader(REPEATED, "1"));
        }
    }

    /**
     * Whether no other message of the generation was lost. Its consumer notices the loss by the next message: without a
     * cluster's heartbeats it would wait for ever if the last two, its end and its account, were both lost.
     */
    private boolean isFirstLoss(Object body) {
        return !(body instanceof InboxMessage message)
                || message.generationId().isEmpty()
                || incomplete.add(message.generationId());
    }

    /** After those before it on the same way. */
    private void deliver(DeliveryContext<Object> context, String way, long delayMillis) {
        late |= delayMillis > 0;
        if (delayMillis == 0 && waiting.getOrDefault(way, 0) == 0) {
            context.next();
            return;
        }
        Context receiver = Vertx.currentContext();
        long due = world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        long at = Math.max(due, lastNanos.getOrDefault(way, 0L) + 1);
        lastNanos.put(way, at);
        waiting.merge(way, 1, Integer::sum);
        world.network()
                .at(
                        at,
                        "late message",
                        () -> receiver.runOnContext(turn -> {
                            waiting.merge(way, -1, Integer::sum);
                            context.next();
                        }));
    }

    private boolean mayBeLost(Object body, String to) {
        return (body instanceof NumberedMessage numbered && isToItsClient(numbered, to))
                || body instanceof Ended
                || body instanceof Accepted
                || body instanceof Submit;
    }

    private boolean mayBeRepeated(Message<Object> message, String to) {
        return mayBeLost(message.body(), to) && !message.headers().contains(REPEATED);
    }

    /**
     * Whether the receiver has submitted the generation. It notices a loss by the next message. A guardian's message to
     * a reader on another lane has no account after it: the bus loses nothing within a process, and between two nodes
     * only heartbeats can notice the loss of an end.
     */
    private boolean isToItsClient(NumberedMessage message, String to) {
        return message.generationId().isEmpty() || to.equals(clients.get(message.generationId()));
    }

    private static String describe(Object body) {
        if (body instanceof Failed failed) {
            return "Failed " + failed.failure().code();
        }
        return body == null ? "nothing" : body.getClass().getSimpleName();
    }
}
