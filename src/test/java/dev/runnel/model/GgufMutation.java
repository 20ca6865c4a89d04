package dev.runnel.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages the head of a GGUF file at random places: the same damage for the same seed. */
public final class GgufMutation {

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        5,
        255,
        256,
        65_535,
        1L << 31,
        1L << 32,
        1L << 62,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 4
    };
    private static final int MAX_CHANGES = 3;
    private static final int MAX_MOVED = 64;

    private final Random random;
    private final int head;

    private GgufMutation(Random random, int head) {
        this.random = random;
        this.head = head;
    }

    /**
     * A damaged copy.
     *
     * @param head the bytes before the first tensor's numbers
     */
    public static byte[] of(byte[] file, int head, long seed) {
        GgufMutation mutation = new GgufMutation(new Random(seed), head);
        byte[] damaged = file.clone();
        for (int changes = 1 + mutation.random.nextInt(MAX_CHANGES); changes > 0; changes--) {
            damaged = mutation.changed(damaged);
        }
        return damaged;
    }

    private byte[] changed(byte[] file) {
        int most = Math.min(head, file.length - Long.BYTES);
        int place = random.nextInt(most);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        switch (random.nextInt(6)) {
            case 0 -> bytes.put(place, (byte) random.nextInt());
            case 1 -> bytes.put(place, (byte) (bytes.get(place) ^ 1 << random.nextInt(Byte.SIZE)));
            case 2 -> bytes.putInt(place, (int) number);
            case 3 -> bytes.putLong(place, number);
            case 4 -> {
                int count = Math.min(MAX_MOVED, most - place);
                System.arraycopy(file, random.nextInt(most - count + 1), file, place, count);
            }
            default -> {
                return random.nextBoolean() ? Arrays.copyOf(file, place + Long.BYTES + 1) : without(file, place);
            }
        }
        return file;
    }

    private byte[] without(byte[] file, int place) {
        int count = Math.min(1 + random.nextInt(MAX_MOVED), file.length - place - Long.BYTES - 1);
        byte[] shorter = Arrays.copyOf(file, file.length - count);
        System.arraycopy(file, place + count, shorter, place, shorter.length - place);
        return shorter;
    }
}
