package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** How an event becomes a line. Thread-safe. */
sealed interface LineFormat permits TextLine, JsonLine {

    /** Characters of a message; what is more is cut off. */
    int MESSAGE_CHARACTERS = 2048;

    /** Characters of one field's value. */
    int VALUE_CHARACTERS = 256;

    /** UTC, to the millisecond. */
    DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** One line in UTF-8, its end included, and no other line end in it. */
    byte[] line(ILoggingEvent event);

    static String time(ILoggingEvent event) {
        return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()));
    }
}
