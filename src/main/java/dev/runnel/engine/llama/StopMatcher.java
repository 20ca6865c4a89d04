package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lets text through up to the first stop sequence. What may still become one is held back, however it is split over tokens;
 * of several, the one that is complete first counts, and of those the longest. Each sequence is followed by the automaton of
 * Knuth, Morris and Pratt, so a byte costs the same whatever came before it.
 */
final class StopMatcher {

    private final List<Stop> stops;
    private final ByteQueue held = new ByteQueue();
    private boolean found;

    StopMatcher(List<String> stops) {
        this.stops = stops.stream().map(Stop::new).toList();
    }

    /** Takes whole code points, all of them, unless a stop sequence was found: then the rest is nothing to anybody. */
    void append(ByteQueue codePoints) {
        for (int i = 0; i < codePoints.length() && !found; i++) {
            append(codePoints.at(i));
        }
        codePoints.cutAt(0);
    }

    private void append(byte b) {
        held.append(b);
        int matched = 0;
        for (Stop stop : stops) {
            if (stop.advance(b)) {
                matched = Math.max(matched, stop.length());
            }
        }
        if (matched > 0) {
            found = true;
            held.cutAt(held.length() - matched);
        }
    }

    boolean found() {
        return found;
    }

    /** The text that is no part of a stop sequence for certain. */
    EscapedText release() {
        int open = 0;
        for (Stop stop : stops) {
            open = Math.max(open, found ? 0 : stop.matched);
        }
        return held.take(held.length() - open);
    }

    /** All that is held: nothing more comes. */
    EscapedText releaseAll() {
        return held.take(held.length());
    }

    /** One sequence, and how much of its beginning the text ends with. */
    private static final class Stop {

        private final byte[] bytes;
        private final int[] fallback;
        private int matched;

        Stop(String text) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
            fallback = new int[bytes.length];
            for (int i = 1; i < bytes.length; i++) {
                fallback[i] = extend(fallback[i - 1], bytes[i]);
            }
        }

        int length() {
            return bytes.length;
        }

        /** Whether the sequence is complete with this byte; it is not asked again then. */
        boolean advance(byte b) {
            matched = extend(matched, b);
            return matched == bytes.length;
        }

        private int extend(int known, byte b) {
            int length = known;
            while (length > 0 && bytes[length] != b) {
                length = fallback[length - 1];
            }
            return bytes[length] == b ? length + 1 : 0;
        }
    }
}
