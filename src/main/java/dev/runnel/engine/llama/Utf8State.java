package dev.runnel.engine.llama;

import java.util.Optional;

/**
 * Where a valid text in UTF-8 stands after some bytes (RFC 3629, section 4). llama.cpp's grammars admit some bytes that
 * are not UTF-8: overlong forms.
 *
 * @param missing bytes of the last code point
 * @param least the smallest value of the next byte, if any is missing
 * @param most its largest value
 */
record Utf8State(int missing, int least, int most) {

    /** After whole code points. */
    static final Utf8State WHOLE = new Utf8State(0, 0, 0);

    private static final int MIN = 0x80;
    private static final int MAX = 0xBF;

    /** The state after more bytes; empty if they are not UTF-8. */
    Optional<Utf8State> after(byte[] bytes, int length) {
        Utf8State state = this;
        for (int i = 0; i < length; i++) {
            int b = bytes[i] & 0xFF;
            if (state.missing == 0) {
                Optional<Utf8State> first = first(b);
                if (first.isEmpty()) {
                    return first;
                }
                state = first.get();
            } else if (b < state.least || b > state.most) {
                return Optional.empty();
            } else {
                state = state.missing == 1 ? WHOLE : new Utf8State(state.missing - 1, MIN, MAX);
            }
        }
        return Optional.of(state);
    }

    private static Optional<Utf8State> first(int b) {
        if (b < 0x80) {
            return Optional.of(WHOLE);
        } else if (b < 0xC2 || b > 0xF4) {
            return Optional.empty();
        } else if (b < 0xE0) {
            return Optional.of(new Utf8State(1, MIN, MAX));
        } else if (b < 0xF0) {
            return Optional.of(new Utf8State(2, b == 0xE0 ? 0xA0 : MIN, b == 0xED ? 0x9F : MAX));
        }
        return Optional.of(new Utf8State(3, b == 0xF0 ? 0x90 : MIN, b == 0xF4 ? 0x8F : MAX));
    }
}
