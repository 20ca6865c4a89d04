package dev.runnel.http.stream;

import dev.runnel.text.ByteSink;
import dev.runnel.text.TranscriptReader;
import java.nio.charset.StandardCharsets;

/**
 * The line {@code id: n} of a resumable stream, directly before the {@code data:} line of a text event and of the
 * finishing event. The number n is how many bytes of UTF-8 of the text the client has after the event.
 */
public final class CursorLine {

    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 19;

    private CursorLine() {}

    /** How many bytes {@link #add} adds. */
    public static int length(TranscriptReader reader) {
        return ID.length + digits(cursor(reader)) + 1;
    }

    /** Adds the line. */
    public static void add(TranscriptReader reader, ByteSink event) {
        byte[] line = ("id: " + cursor(reader) + '\n').getBytes(StandardCharsets.US_ASCII);
        event.add(line, 0, line.length);
    }

    private static long cursor(TranscriptReader reader) {
        return reader.utf8End();
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0 && digits < MAX_DIGITS; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
