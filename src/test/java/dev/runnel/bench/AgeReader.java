package dev.runnel.bench;

import io.vertx.core.buffer.Buffer;
import java.util.function.LongConsumer;

/**
 * Finds in a stream of events how old each is. The last number of an event is the moment at which it was said: {@link #stamp}
 * on the clock of this process. Numbers that are no stamp, such as those of the usage, are smaller.
 */
final class AgeReader {

    private static final long EPOCH = 1_000_000_000_000_000L;

    private final LongConsumer ageMicros;
    private long number;
    private boolean inNumber;
    private byte before;

    AgeReader(LongConsumer ageMicros) {
        this.ageMicros = ageMicros;
    }

    /** Now. */
    static long stamp() {
        return EPOCH + Math.floorMod(System.nanoTime() / 1000, EPOCH);
    }

    void read(Buffer part) {
        long now = stamp();
        for (int i = 0; i < part.length(); i++) {
            read(part.getByte(i), now);
        }
    }

    private void read(byte next, long now) {
        boolean isDigit = next >= '0' && next <= '9';
        if (isDigit) {
            number = (inNumber ? number * 10 : 0) + (next - '0');
        } else if (next == '\n' && before == '\n') {
            ended(now);
        }
        inNumber = isDigit;
        before = next;
    }

    private void ended(long now) {
        if (number >= EPOCH) {
            ageMicros.accept(now - number);
        }
        number = 0;
    }
}
