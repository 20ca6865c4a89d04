package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Releases text up to the first stop sequence. Text that may become a stop sequence is held back, also if it spans
 * several tokens. The sequence that is complete first counts; of several that end together, the longest. Each sequence
 * is matched by the Knuth-Morris-Pratt algorithm, so the cost of a byte does not depend on the text before it.
 */
final class StopMatcher {

    private final List<Stop> stops;
    private final ByteQueue held = new ByteQueue();
    private boolean found;

    StopMatcher(List<String> stops) {
        this.stops = stops.stream().map(Stop::new).toList();
    }

    /** Consumes all of the bytes, which are whole code points. After a found stop sequence they are ignored. */
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

    /** The text that cannot be part of a stop sequence. */
    EscapedText release() {
        int open = 0;
        for (Stop stop : stops) {
            open = Math.max(open, found ? 0 : stop.matched);
        }
        return held.remove(held.length() - open);
    }

    /** Whether text was appended and not released. */
    boolean holds() {
        return held.length() > 0;
    }

    /** The rest of the text. The caller appends no more. */
    EscapedText releaseAll() {
        return held.remove(held.length());
    }

    /** One sequence, and the length of its prefix that the text ends with. */
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

        /** Whether this byte completes the sequence. Not called again after that. */
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
