package dev.runnel.engine.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the events in a stream of server-sent events as the WHATWG text says ("9.2.6 Interpreting an event stream"), however
 * the bytes are cut: lines end with CR, LF or both, comments and unknown fields are passed over, several {@code data} lines
 * are one event, a byte-order mark at the beginning is none of it, and an event without its blank line never was.
 *
 * <p>An event whose one {@code data} line lies in a single chunk, which is nearly every event, is told as a slice of that
 * chunk: nothing is copied. For one thread.
 */
final class SseReader {

    /** A line, and an event's data, in bytes at most. */
    static final int LIMIT_BYTES = 1 << 20;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = new byte[0];

    /** Takes events. */
    interface Events {

        /**
         * An event came.
         *
         * @param bytes holds its data from {@code from} to before {@code end}; valid during the call
         * @param error whether it is named {@code error}
         */
        void event(byte[] bytes, int from, int end, boolean error);
    }

    private final Events events;

    /** The beginning of a line whose end has not come. */
    private final BoundedBytes line = new BoundedBytes(LIMIT_BYTES);
    /** The event's data, where it is not the slice. */
    private final BoundedBytes gathered = new BoundedBytes(LIMIT_BYTES);

    private byte[] slice = NONE;
    private int sliceFrom;
    private int sliceEnd;
    private int dataLines;

    private boolean error;
    private boolean afterCr;
    /** How much of the byte-order mark has been seen; its length once that is decided. */
    private int mark;

    SseReader(Events events) {
        this.events = events;
    }

    /**
     * Takes the next bytes.
     *
     * @throws BadUpstreamException where a line or an event is over the limit; nothing may be fed behind that
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
            if (lineEnd == end) {
                line.add(bytes, at, end);
                break;
            }
            afterCr = bytes[lineEnd] == '\r';
            endLine(bytes, at, lineEnd);
            at = lineEnd + 1;
        }
        keepSlice();
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
        int at = from;
        while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private void endLine(byte[] bytes, int from, int end) {
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
        }
    }

    private static boolean isField(byte[] name, byte[] bytes, int from, int end) {
        int nameEnd = from + name.length;
        return nameEnd <= end
                && (nameEnd == end || bytes[nameEnd] == ':')
                && Arrays.equals(bytes, from, nameEnd, name, 0, name.length);
    }

    /** Behind the colon and one space, where they are. */
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

    /** The slice's bytes are the caller's again: keep a copy of what has not been told. */
    private void keepSlice() {
        if (slice.length > 0) {
            gathered.add(slice, sliceFrom, sliceEnd);
            slice = NONE;
        }
    }

    private void dispatch() {
        boolean named = error;
        error = false;
        if (dataLines == 0) {
            return;
        }
        dataLines = 0;
        if (slice.length > 0) {
            byte[] told = slice;
            slice = NONE;
            events.event(told, sliceFrom, sliceEnd, named);
        } else {
            events.event(gathered.array(), 0, gathered.length(), named);
            gathered.clear();
        }
    }
}
