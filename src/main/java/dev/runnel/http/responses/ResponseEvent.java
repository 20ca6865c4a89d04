package dev.runnel.http.responses;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** One event of a stream: its name stands before its data and in it. */
final class ResponseEvent {

    private static final String END = "}\n\n";

    private ResponseEvent() {}

    /**
     * Makes an event.
     *
     * @param name without {@code response.}
     * @param number its {@code sequence_number}
     * @param members after the number, to the value of the last one
     * @param value adds that value
     */
    static Buffer of(String name, long number, String members, Consumer<Buffer> value) {
        return of(name, "", number, members, value);
    }

    /** An event with the whole object. */
    static Buffer of(String name, long number, ResponseObject response, ResponseStatus status, ResponseOutput output) {
        return of(name, number, ",\"response\":", event -> response.addTo(event, status, output));
    }

    /** @param cursor the line of a cursor, or empty */
    static Buffer of(String name, String cursor, long number, String members, Consumer<Buffer> value) {
        String type = "response." + name;
        Buffer event = Buffer.buffer("event: " + type + '\n' + cursor + "data: {\"type\":\"" + type
                + "\",\"sequence_number\":" + number + members);
        value.accept(event);
        return event.appendString(END);
    }
}
