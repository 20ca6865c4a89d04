package dev.runnel.http;

import dev.runnel.sse.StreamWire;
import java.util.ArrayDeque;
import java.util.Queue;

/** Connections that a client neither reads nor closes. The oldest ones are closed at a limit. Any thread. */
final class LeftOpen implements AutoCloseable {

    /** The service closes connections of one address over its limit. */
    private static final int MAX = 300;

    private final Queue<StreamWire> wires = new ArrayDeque<>();

    synchronized void add(StreamWire wire) {
        wires.add(wire);
        if (wires.size() > MAX) {
            wires.remove().close();
        }
    }

    @Override
    public synchronized void close() {
        wires.forEach(StreamWire::close);
    }
}
