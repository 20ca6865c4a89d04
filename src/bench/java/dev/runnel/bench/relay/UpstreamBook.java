package dev.runnel.bench.relay;

import java.util.ArrayList;
import java.util.List;

/** What an upstream reports of its streams. For one event loop. */
final class UpstreamBook {

    private final List<String> closed = new ArrayList<>();
    private int active;

    void began() {
        active++;
    }

    void ended() {
        active--;
    }

    /** The connection of an unfinished stream was closed, now. */
    void closed(int number) {
        active--;
        closed.add(number + " " + Stamp.nowMicros());
    }

    /** How many streams are running. */
    int active() {
        return active;
    }

    /** A line for every stream that was closed since the last call: its number and when it was, in microseconds. */
    String takeClosed() {
        String lines = String.join("\n", closed);
        closed.clear();
        return lines;
    }
}
