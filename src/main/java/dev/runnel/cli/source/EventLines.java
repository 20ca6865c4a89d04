package dev.runnel.cli.source;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The lines of a stream of events. For one reading thread; any thread may close it. */
final class EventLines implements Closeable {

    /** An event has one delta, which is at most the whole text of a generation. */
    private static final int MAX_LINE_BYTES = 80 << 20;

    private static final int BUFFER_BYTES = 8192;

    private final InputStream in;
    private final LongSupplier nanoClock;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;

    /** When bytes arrived last. */
    private volatile long heardNanos;

    EventLines(InputStream in, LongSupplier nanoClock) {
        this.in = in;
        this.nanoClock = nanoClock;
        this.heardNanos = nanoClock.getAsLong();
    }

    /** For how long no byte has arrived. Any thread. */
    long silentNanos() {
        return nanoClock.getAsLong() - heardNanos;
    }

    /** The next line without its end; {@code null} at the end of the stream, where a part of a line does not count. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (next == end && !fill()) {
                return null;
            }
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            line.write(buffer, from, next - from);
            if (next < end) {
                next++;
                return text(line);
            }
            if (line.size() > MAX_LINE_BYTES) {
                throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
            }
        }
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer);
        heardNanos = nanoClock.getAsLong();
        next = 0;
        end = Math.max(0, read);
        return read > 0;
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
