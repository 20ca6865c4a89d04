package dev.runnel.simulation;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What happens outside of the process: bytes on their way, and clients that act. All in the order of time. */
final class Network {

    private final VirtualClock clock;
    private final Plant plant;
    private final Events events;
    private final List<Wire> wires = new ArrayList<>();
    private @Nullable SimulatedServerSocket listening;

    /** @param number the order of events of the same time */
    private record Event(long atNanos, long number, String name, Runnable action) {}

    /** Those of all processes. */
    private static final class Events {

        private final Queue<Event> queue =
                new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
        private long number;
    }

    Network(VirtualClock clock, Plant plant) {
        this(clock, plant, new Events());
    }

    private Network(VirtualClock clock, Plant plant, Events events) {
        this.clock = clock;
        this.plant = plant;
        this.events = events;
    }

    /** The same network, as another process is reached. */
    Network ofAnother() {
        return new Network(clock, plant, events);
    }

    VirtualClock clock() {
        return clock;
    }

    void listen(@Nullable SimulatedServerSocket server) {
        listening = server;
    }

    /** Opens a connection; {@code null} if no server listens. */
    @Nullable
    Wire connect(InetSocketAddress client, Wire.Line line, Wire.Client receiver) {
        SimulatedServerSocket server = listening;
        if (server == null) {
            return null;
        }
        Wire wire = new Wire(this, line, receiver);
        SimulatedSocket socket = new SimulatedSocket(server, wire, client, plant);
        wire.connected(socket);
        wires.add(wire);
        server.eventLoop().execute(() -> server.accept(socket));
        return wire;
    }

    /** The process is gone: its connections are reset, and none is accepted any more. */
    void die() {
        listening = null;
        wires.stream().filter(Wire::isOpenAtServer).forEach(wire -> wire.closeByServer(true));
    }

    /** Runs an action at a time; returns that time in nanoseconds. */
    long at(long nanos, String name, Runnable action) {
        long atNanos = Math.max(nanos, clock.nanoTime());
        events.number++;
        events.queue.add(new Event(atNanos, events.number, name, action));
        return atNanos;
    }

    void afterMillis(long millis, String name, Runnable action) {
        at(clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), name, action);
    }

    long nextNanos() {
        Event next = events.queue.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    boolean isReady() {
        return nextNanos() <= clock.nanoTime();
    }

    /** Runs the next event; returns its name. */
    String runOne() {
        Event next = events.queue.remove();
        next.action().run();
        return next.name();
    }
}
