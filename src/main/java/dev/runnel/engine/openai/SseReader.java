package dev.runnel.engine.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the events in a stream of server-sent events, wherever its bytes are cut. The rules are those of the WHATWG
 * text ("9.2.6 Interpreting an event stream"). Lines end with CR, LF or both. Comments and unknown fields are ignored.
 * Several {@code data} lines are one event. A byte-order mark at the start is skipped. An event without its blank line
 * is dropped. So is an event with another name than {@code message} or {@code error}, such as a named keep-alive.
 *
 * <p>Nearly every event has one {@code data} line in a single chunk. Such an event is passed on as a slice of that
 * chunk: nothing is copied. For one thread.
 */
final class SseReader {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = new byte[0];

    /** Receives events. */
    interface Events {

        /**
         * An event has arrived.
         *
         * @param bytes holds its data from {@code from} to before {@code end}; valid during the call
         * @param error whether the event is named {@code error}
         */
        void event(byte[] bytes, int from, int end, boolean error);
    }

    private final Events events;

    /** The start of a line whose end has not arrived. */
    private final BoundedBytes line;
    /** The event's data, if it is not the slice. */
    private final BoundedBytes gathered;

    private final int limit;
    /** The bytes of the lines since the last event. */
    private long idleBytes;

    private byte[] slice = NONE;
    private int sliceFrom;
    private int sliceEnd;
    private int dataLines;

    private boolean error;
    /** Whether the event has a name that has no meaning here. */
    private boolean foreign;

    private boolean afterCr;
    /** How many bytes of the byte-order mark have arrived; its length once it is complete or absent. */
    private int mark;

    /** @param limit the most bytes of a line, of an event's data, and of all lines from one event to the next */
    SseReader(Events events, int limit) {
        this(events, limit, BoundedBytes.Growth.UNCOUNTED);
    }

    /** @param growth counts what large events need */
    SseReader(Events events, int limit, BoundedBytes.Growth growth) {
        this.events = events;
        this.limit = limit;
        this.line = new BoundedBytes(limit, growth);
        this.gathered = new BoundedBytes(limit, growth);
    }

    /** Frees its memory. Nothing may be fed after that. */
    void close() {
        line.free();
        gathered.free();
    }

    /**
     * Reads the next bytes.
     *
     * @throws BadUpstreamException if a line or an event is over the limit; nothing may be fed after that
     * @throws HeldTooMuchException if there is no memory for it; nothing may be fed after that
     */
    void feed(byte[] bytes, int from, int end) {
        int at = mark < BYTE_ORDER_MARK.length ? skipMark(bytes, from, end) : from;
        while (at < end) {
            int lineEnd = lineEnd(bytes, at, end);
            if (afterCr && lineEnd == at && bytes[at] == '\n') {
                afterCr = false;
                at++;
                continue;
            }
            afterCr = false;
            // Before the line is read: the last line of an event starts the count anew.
            idleBytes += Math.min(lineEnd + 1, end) - at;
            if (lineEnd == end) {
                line.add(bytes, at, end);
                break;
            }
            afterCr = bytes[lineEnd] == '\r';
            endLine(bytes, at, lineEnd);
            at = lineEnd + 1;
        }
        keepSlice();
        // Twice the limit: an event of the largest size, and what surrounds it.
        if (idleBytes > 2L * limit) {
            throw new BadUpstreamException("more than " + 2L * limit + " bytes without an event");
        }
    }

    private int skipMark(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && mark < BYTE_ORDER_MARK.length) {
            if (bytes[at] != BYTE_ORDER_MARK[mark]) {
                line.add(BYTE_ORDER_MARK, 0, mark);
                mark = BYTE_ORDER_MARK.length;
                return at;
            }
            mark++;
            at++;
        }
        return at;
    }

    private static int lineEnd(byte[] bytes, int from, int end) {
        for (int at = from; at < end; at++) {
            byte b = bytes[at];
            // One comparison for most bytes.
            if (b <= '\r' && (b == '\n' || b == '\r')) {
                return at;
            }
        }
        return end;
    }

    private void endLine(byte[] bytes, int from, int end) {
        if (end - from > limit) {
            throw new BadUpstreamException("an event of more than " + limit + " bytes");
        }
        if (line.isEmpty()) {
            interpret(bytes, from, end);
            return;
        }
        line.add(bytes, from, end);
        interpret(line.array(), 0, line.length());
        keepSlice();
        line.clear();
    }

    private void interpret(byte[] bytes, int from, int end) {
        if (from == end) {
            dispatch();
        } else if (isField(DATA, bytes, from, end)) {
            addData(bytes, valueFrom(bytes, from + DATA.length, end), end);
        } else if (isField(EVENT, bytes, from, end)) {
            int value = valueFrom(bytes, from + EVENT.length, end);
            error = Arrays.equals(bytes, value, end, ERROR, 0, ERROR.length);
            foreign = !error && value < end && !Arrays.equals(bytes, value, end, MESSAGE, 0, MESSAGE.length);
        }
    }

    private static boolean isField(byte[] name, byte[] bytes, int from, int end) {
        int nameEnd = from + name.length;
        return nameEnd <= end
                && (nameEnd == end || bytes[nameEnd] == ':')
                && Arrays.equals(bytes, from, nameEnd, name, 0, name.length);
    }

    /** The index after the colon and one space, if they are present. */
    private static int valueFrom(byte[] bytes, int colon, int end) {
        int at = Math.min(colon + 1, end);
        return at < end && bytes[at] == ' ' ? at + 1 : at;
    }

    private void addData(byte[] bytes, int from, int end) {
        if (dataLines++ == 0) {
            slice = bytes;
            sliceFrom = from;
            sliceEnd = end;
            return;
        }
        keepSlice();
        gathered.add((byte) '\n');
        gathered.add(bytes, from, end);
    }

    /** Copies the slice, whose bytes belong to the caller, if it has not been passed on. */
    private void keepSlice() {
        if (slice.length > 0) {
            gathered.add(slice, sliceFrom, sliceEnd);
            slice = NONE;
        }
    }

    private void dispatch() {
        boolean named = error;
        boolean dropped = foreign || dataLines == 0;
        error = false;
        foreign = false;
        dataLines = 0;
        byte[] data = slice;
        slice = NONE;
        idleBytes = dropped ? idleBytes : 0;
        if (!dropped && data.length > 0) {
            events.event(data, sliceFrom, sliceEnd, named);
        } else if (!dropped) {
            events.event(gathered.array(), 0, gathered.length(), named);
        }
        gathered.clear();
    }
}
