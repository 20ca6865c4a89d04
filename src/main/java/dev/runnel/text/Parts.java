package dev.runnel.text;

import org.jspecify.annotations.Nullable;

/**
 * What one answer has besides its text, in the order in which it arrived. One thread appends. Any number of readers, on
 * any threads, see each part after the text before it: a reader looks at the text first, then for parts.
 *
 * <p>A part refers to the next one, and this object to the last. So what every reader has passed is garbage, unless a
 * reader was kept at its place.
 */
public final class Parts {

    /** What a part needs in memory besides its value, in bytes: three objects. */
    private static final int PART_BYTES = 128;

    private static final int FIRST_CAPACITY = 1024;

    private Node last = new Node(new PlacedPart(PartKind.UNKNOWN, "", 0, 0, 0));
    private int bytes;
    /** What was announced for them. It grows in steps, so that an account does not change with each part. */
    private volatile int capacity;

    private static final class Node {

        private final PlacedPart part;
        private volatile @Nullable Node next;

        Node(PlacedPart part) {
            this.part = part;
        }
    }

    /** A place among the parts. For one thread. */
    public static final class Reader {

        private Node passed;

        private Reader(Node passed) {
            this.passed = passed;
        }

        /** The next part; {@code null} before it is appended. */
        public @Nullable PlacedPart peek() {
            Node next = passed.next;
            return next == null ? null : next.part;
        }

        /** Passes the next part; {@code null} before it is appended. */
        public @Nullable PlacedPart poll() {
            Node next = passed.next;
            if (next == null) {
                return null;
            }
            passed = next;
            return next.part;
        }

        /** Another reader at the same place. Any thread, if this one does not move. */
        public Reader copy() {
            return new Reader(passed);
        }
    }

    /** A reader of the parts that are appended from now on. For the thread that appends. */
    public Reader reader() {
        return new Reader(last);
    }

    /** The new {@link #capacity} if this value is appended; 0 if the present one suffices. */
    public int growthFor(String json) {
        int needed = bytes + bytes(json);
        return needed > capacity ? Math.max(needed, Math.max(FIRST_CAPACITY, 2 * capacity)) : 0;
    }

    /** Appends a part. For one thread. */
    public void append(PlacedPart part) {
        int grown = growthFor(part.json());
        if (grown > 0) {
            capacity = grown;
        }
        bytes += bytes(part.json());
        Node node = new Node(part);
        last.next = node;
        last = node;
    }

    /** The memory of a part with this value, as Java keeps it: at most two bytes for each character. */
    public static int bytes(String json) {
        return PART_BYTES + 2 * json.length();
    }

    /** Gives back what was announced and not used. For the thread that appends. */
    public void trim() {
        capacity = bytes;
    }

    /** The memory that all parts use, in bytes, or a little more. */
    public int capacity() {
        return capacity;
    }
}
