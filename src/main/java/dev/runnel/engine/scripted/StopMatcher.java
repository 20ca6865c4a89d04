package dev.runnel.engine.scripted;

import java.util.List;

/** Holds back the end of a text while it may still become a stop sequence. */
final class StopMatcher {

    private final List<String> stops;
    private String held = "";
    private boolean stopped;

    StopMatcher(List<String> stops) {
        this.stops = stops;
    }

    /** Whether a stop sequence was reached. No text after it is returned. */
    boolean isStopped() {
        return stopped;
    }

    /** Adds text and returns what certainly is not part of a stop sequence. */
    String add(String piece) {
        String text = held + piece;
        int stopAt = firstStop(text);
        if (stopAt >= 0) {
            stopped = true;
            held = "";
            return text.substring(0, stopAt);
        }
        int safe = text.length();
        for (String stop : stops) {
            safe = Math.min(safe, startOfPossible(stop, text));
        }
        held = text.substring(safe);
        return text.substring(0, safe);
    }

    /** Returns what is still held back. Call it when no more text follows. */
    String rest() {
        String rest = held;
        held = "";
        return rest;
    }

    private int firstStop(String text) {
        return stops.stream()
                .mapToInt(text::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(-1);
    }

    private static int startOfPossible(String stop, String text) {
        int from = Math.max(0, text.length() - stop.length() + 1);
        while (!stop.startsWith(text.substring(from))) {
            from++;
        }
        return from;
    }
}
