package dev.runnel.simulation;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What happens outside of the process: bytes on their way, and clients that act. All in the order of time. */
final class Network {

    private final VirtualClock clock;
    private final Plant plant;
    private final Queue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));

    private long number;
    private @Nullable SimulatedServerSocket listening;

    /** @param number the order of events of the same time */
    private record Event(long atNanos, long number, String name, Runnable action) {}

    Network(VirtualClock clock, Plant plant) {
        this.clock = clock;
        this.plant = plant;
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
        server.eventLoop().execute(() -> server.accept(socket));
        return wire;
    }

    /** Runs an action at a time; returns that time in nanoseconds. */
    long at(long nanos, String name, Runnable action) {
        long atNanos = Math.max(nanos, clock.nanoTime());
        number++;
        events.add(new Event(atNanos, number, name, action));
        return atNanos;
    }

    void afterMillis(long millis, String name, Runnable action) {
        at(clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), name, action);
    }

    long nextNanos() {
        Event next = events.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    boolean isReady() {
        return nextNanos() <= clock.nanoTime();
    }

    /** Runs the next event; returns its name. */
    String runOne() {
        Event next = events.remove();
        next.action().run();
        return next.name();
    }
}
