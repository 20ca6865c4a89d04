package dev.runnel.bench.relay;

/**
 * A token's text has the time at which it was sent: a blank and six digits of base 32. They are the microseconds of the
 * machine's monotonic clock without those above 2^30 (18 minutes). {@link System#nanoTime} is that clock in every
 * process of a Linux machine.
 */
final class Stamp {

    /** A token's text, in bytes. */
    static final int TOKEN_BYTES = 7;

    private static final int DIGITS = TOKEN_BYTES - 1;
    private static final int BITS = 5;
    private static final int DIGIT_MASK = (1 << BITS) - 1;
    private static final int MASK = (1 << (DIGITS * BITS)) - 1;
    private static final int LETTERS_FROM = 10;

    /** Where the bytes are. */
    @FunctionalInterface
    interface Source {
        byte at(int index);
    }

    private Stamp() {}

    static long nowMicros() {
        return System.nanoTime() / 1000;
    }

    /** Writes a token of this moment. */
    static void write(byte[] target, int at) {
        target[at] = ' ';
        int rest = (int) nowMicros() & MASK;
        for (int i = DIGITS; i > 0; i--) {
            int digit = rest & DIGIT_MASK;
            target[at + i] = (byte) (digit < LETTERS_FROM ? '0' + digit : 'a' + digit - LETTERS_FROM);
            rest >>>= BITS;
        }
    }

    /** How many microseconds have passed since the token was written, that stands at {@code from}. */
    static int ageMicros(Source source, int from, long nowMicros) {
        int written = 0;
        for (int i = 1; i <= DIGITS; i++) {
            byte letter = source.at(from + i);
            written = (written << BITS) | (letter <= '9' ? letter - '0' : letter - 'a' + LETTERS_FROM);
        }
        return ((int) nowMicros - written) & MASK;
    }
}
