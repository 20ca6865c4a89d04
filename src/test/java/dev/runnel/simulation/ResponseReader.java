package dev.runnel.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Reads the responses of one connection as their bytes arrive (HTTP/1.1, RFC 9112). */
final class ResponseReader {

    private static final int STATUS_START = 9;
    private static final int STATUS_END = 12;
    private static final int HEX = 16;

    private final Listener listener;
    private byte[] rest = new byte[0];
    private State state = State.HEAD;
    private long expected;

    private enum State {
        HEAD,
        SIZE,
        CHUNK,
        LAST_LINE,
        BODY
    }

    /** Receives the parts of responses. */
    interface Listener {

        void head(int status, Map<String, String> headers);

        /** One chunk, or a part of a body without chunks. */
        void chunk(byte[] bytes);

        void end();

        /** The bytes are not a response. */
        void broken(String why);
    }

    ResponseReader(Listener listener) {
        this.listener = listener;
    }

    void read(byte[] bytes) {
        var all = new ByteArrayOutputStream(rest.length + bytes.length);
        all.writeBytes(rest);
        all.writeBytes(bytes);
        rest = all.toByteArray();
        int consumed = 0;
        int step = next(0);
        while (step > 0) {
            consumed += step;
            step = next(consumed);
        }
        rest = Arrays.copyOfRange(rest, consumed, rest.length);
    }

    /** Processes what starts at an index; returns how many bytes that were, 0 if it is not complete. */
    private int next(int from) {
        return switch (state) {
            case HEAD -> head(from);
            case SIZE -> size(from);
            case CHUNK -> chunk(from);
            case LAST_LINE -> lastLine(from);
            case BODY -> body(from);
        };
    }

    private int head(int from) {
        int end = find("\r\n\r\n", from);
        if (end < 0) {
            return 0;
        }
        String[] lines = text(from, end).split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].substring(STATUS_START, STATUS_END));
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            state = State.SIZE;
        } else {
            state = State.BODY;
            expected = Long.parseLong(headers.getOrDefault("content-length", "0"));
        }
        listener.head(status, headers);
        if (state == State.BODY && expected == 0) {
            ended();
        }
        return end - from + 4;
    }

    private int size(int from) {
        int end = find("\r\n", from);
        if (end < 0) {
            return 0;
        }
        try {
            expected = Long.parseLong(text(from, end), HEX);
        } catch (NumberFormatException e) {
            listener.broken("no size of a chunk: " + text(from, end));
            expected = 0;
        }
        state = expected == 0 ? State.LAST_LINE : State.CHUNK;
        return end - from + 2;
    }

    private int chunk(int from) {
        if (rest.length - from < expected + 2) {
            return 0;
        }
        int length = (int) expected;
        state = State.SIZE;
        listener.chunk(Arrays.copyOfRange(rest, from, from + length));
        return length + 2;
    }

    private int lastLine(int from) {
        if (rest.length - from < 2) {
            return 0;
        }
        ended();
        return 2;
    }

    private int body(int from) {
        int length = (int) Math.min(expected, rest.length - from);
        if (length == 0) {
            return 0;
        }
        expected -= length;
        listener.chunk(Arrays.copyOfRange(rest, from, from + length));
        if (expected == 0) {
            ended();
        }
        return length;
    }

    private void ended() {
        state = State.HEAD;
        listener.end();
    }

    private int find(String end, int from) {
        for (int i = from; i + end.length() <= rest.length; i++) {
            if (startsWith(end, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean startsWith(String end, int at) {
        for (int i = 0; i < end.length(); i++) {
            if (rest[at + i] != end.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(rest, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
