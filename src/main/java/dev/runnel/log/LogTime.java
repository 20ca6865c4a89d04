package dev.runnel.log;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Writes times in UTC with milliseconds. It keeps the text of the last second, because a formatter needs more time than
 * all the rest of a line. Thread-safe.
 */
final class LogTime {

    private static final DateTimeFormatter SECONDS =
            new DateTimeFormatterBuilder().appendInstant(0).toFormatter();
    private static final int MILLIS = 1000;

    private volatile Second last = Second.of(0);

    /** @param text up to the decimal point, with it */
    private record Second(long number, String text) {

        static Second of(long number) {
            String whole = SECONDS.format(Instant.ofEpochSecond(number));
            return new Second(number, whole.substring(0, whole.length() - 1) + '.');
        }
    }

    /** Such as {@code 2026-11-23T16:50:12.123Z}. */
    String of(long epochMillis) {
        long number = Math.floorDiv(epochMillis, MILLIS);
        Second second = last;
        if (second.number() != number) {
            second = Second.of(number);
            last = second;
        }
        int millis = Math.floorMod(epochMillis, MILLIS);
        char[] digits = {(char) ('0' + millis / 100), (char) ('0' + millis / 10 % 10), (char) ('0' + millis % 10), 'Z'};
        return second.text().concat(new String(digits));
    }
}
