package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Converts an event to a line. Thread-safe. */
interface LineFormat {

    /** The most characters of a message. The rest is cut off. */
    int MESSAGE_CHARACTERS = 2048;

    /** The most characters of a field's value. The rest is cut off. */
    int VALUE_CHARACTERS = 256;

    /** One line in UTF-8 with its line end, and no other line end in it. */
    byte[] line(ILoggingEvent event);
}
