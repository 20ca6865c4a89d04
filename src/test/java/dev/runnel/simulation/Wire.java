package dev.runnel.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, with the client's end of it. The server's socket accepts as many bytes as the line can hold until
 * the client reads.
 */
final class Wire {

    private static final long NOT_FULL = Long.MAX_VALUE;
    private static final long NOT_CLOSED = Long.MAX_VALUE;

    private final Network network;
    private final Line line;
    private final Client client;
    private @Nullable SimulatedSocket server;

    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private int held;
    private long fullSinceNanos = NOT_FULL;
    private boolean reads = true;
    private boolean clientClosed;
    private boolean serverClosed;
    private long closedByServerNanos = NOT_CLOSED;
    private boolean serverEndArrived;
    private long lastToClientNanos;
    private long lastToServerNanos;

    /**
     * The qualities of a connection.
     *
     * @param bytes what the sockets of both ends hold together
     * @param latencyMillis from one end to the other
     */
    record Line(int bytes, long latencyMillis) {}

    /** Receives what arrives at the client. */
    interface Client {

        String name();

        void received(byte[] bytes);

        /** The server has closed, after all that was received. */
        void ended();

        /** The connection was cut. */
        void cut();
    }

    Wire(Network network, Line line, Client client) {
        this.network = network;
        this.line = line;
        this.client = client;
    }

    void connected(SimulatedSocket socket) {
        server = socket;
    }

    private SimulatedSocket server() {
        assert server != null;
        return server;
    }

    // ---- the server's side

    /** How many further bytes fit. */
    int room() {
        return clientClosed ? Integer.MAX_VALUE : line.bytes() - held;
    }

    /** Bytes that the server's socket has accepted. */
    void write(byte[] bytes) {
        held += bytes.length;
        if (held >= line.bytes() && fullSinceNanos == NOT_FULL) {
            fullSinceNanos = network.clock().nanoTime();
        }
        toClient("bytes to " + client.name(), () -> arrive(bytes));
    }

    /** @param reset whether unread bytes are dropped */
    void closeByServer(boolean reset) {
        serverClosed = true;
        closedByServerNanos = Math.min(closedByServerNanos, network.clock().nanoTime());
        if (reset) {
            toClient("reset to " + client.name(), this::cutByServer);
        } else {
            toClient("end to " + client.name(), () -> {
                serverEndArrived = true;
                pull();
            });
        }
    }

    private void cutByServer() {
        arrived.clear();
        if (!clientClosed) {
            clientClosed = true;
            client.cut();
        }
    }

    private void toClient(String name, Runnable action) {
        lastToClientNanos = network.at(Math.max(lastToClientNanos, inALatency()), name, action);
    }

    private long inALatency() {
        return network.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(line.latencyMillis());
    }

    // ---- the client's side

    private void arrive(byte[] bytes) {
        if (clientClosed) {
            toServer("reset of " + client.name(), server()::arriveReset);
            return;
        }
        arrived.add(bytes);
        pull();
    }

    private void pull() {
        boolean freed = false;
        while (reads && !clientClosed && !arrived.isEmpty()) {
            byte[] bytes = arrived.remove();
            held -= bytes.length;
            freed = true;
            fullSinceNanos = NOT_FULL;
            client.received(bytes);
        }
        if (freed && !serverClosed) {
            server().becameWritable();
        }
        if (reads && !clientClosed && arrived.isEmpty() && serverEndArrived) {
            clientClosed = true;
            client.ended();
        }
    }

    void send(byte[] bytes) {
        toServer("bytes of " + client.name(), () -> server().arrive(bytes));
    }

    /** A pause before what is sent next. */
    void pauseMillis(long millis) {
        lastToServerNanos =
                Math.max(lastToServerNanos, network.clock().nanoTime()) + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void toServer(String name, Runnable action) {
        lastToServerNanos = network.at(Math.max(lastToServerNanos, inALatency()), name, action);
    }

    /** Whether the client reads from now on. */
    void read(boolean now) {
        reads = now;
        if (now) {
            pull();
        }
    }

    boolean reads() {
        return reads;
    }

    /** The client sends no more, and still reads. */
    void halfClose() {
        toServer("end of " + client.name(), server()::arriveEnd);
    }

    void close() {
        if (!clientClosed) {
            clientClosed = true;
            arrived.clear();
            halfClose();
        }
    }

    void reset() {
        if (!clientClosed) {
            clientClosed = true;
            arrived.clear();
            toServer("reset of " + client.name(), server()::arriveReset);
        }
    }

    /** Whether bytes of the server have waited for room since before that time. */
    boolean isFullSince(long beforeNanos) {
        return unsentBytes() > 0 && fullSinceNanos < beforeNanos;
    }

    /** What the server has written and its socket has not accepted, in bytes. */
    long unsentBytes() {
        return serverClosed ? 0 : server().unsentBytes();
    }

    /** When the server has closed its end; {@link Long#MAX_VALUE} before that. */
    long closedByServerNanos() {
        return closedByServerNanos;
    }

    String clientName() {
        return client.name();
    }

    /** Whether the server's end is still open. */
    boolean isOpenAtServer() {
        return !serverClosed;
    }
}
