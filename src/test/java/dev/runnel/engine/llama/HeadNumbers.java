package dev.runnel.engine.llama;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Copies of a model file in which one number of the architecture is another one. */
final class HeadNumbers {

    private static final int ARRAY = 9;
    private static final int[] NUMBERS = {
        0,
        1,
        2,
        3,
        5,
        7,
        17,
        33,
        65,
        256,
        257,
        1024,
        1025,
        65_535,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -1,
        Float.floatToIntBits(Float.NaN),
        Float.floatToIntBits(Float.POSITIVE_INFINITY)
    };

    private final byte[] valid;
    private final List<Integer> places = new ArrayList<>();

    /** @param head the bytes before the numbers of the first tensor */
    HeadNumbers(byte[] valid, int head, TinyArchitecture architecture) {
        this.valid = valid;
        String text = new String(valid, 0, head, StandardCharsets.ISO_8859_1);
        String prefix = architecture.key() + ".";
        for (int at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
            ByteBuffer bytes = ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN);
            int type = at + (int) bytes.getLong(at - Long.BYTES);
            int more = bytes.getInt(type) == ARRAY ? Integer.BYTES + Long.BYTES : 0;
            places.add(type + Integer.BYTES + more);
        }
    }

    int count() {
        return places.size() * NUMBERS.length;
    }

    byte[] copy(int number) {
        byte[] copy = valid.clone();
        ByteBuffer.wrap(copy)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(places.get(number / NUMBERS.length), NUMBERS[number % NUMBERS.length]);
        return copy;
    }
}
