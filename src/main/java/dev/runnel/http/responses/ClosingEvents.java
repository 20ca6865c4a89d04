package dev.runnel.http.responses;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.LongFunction;

/** The events after the text and the calls of a response that has not failed: each item again, then the response. */
final class ClosingEvents {

    private final LateEvents events;
    private final ResponseObject response;
    private final ResponseOutput output;
    private final ResponseStatus status;
    private long number;
    private long received;

    /** @param before the events that precede them */
    ClosingEvents(LateEvents before, ResponseObject response, ResponseOutput output, ResponseStatus status) {
        this.events = before;
        this.response = response;
        this.output = output;
        this.status = status;
    }

    /** Where in the response the text is. */
    static String messagePlace(ResponseOutput output) {
        return ",\"item_id\":\"" + output.messageId() + "\",\"output_index\":" + output.messageIndex()
                + ",\"content_index\":0";
    }

    /** Where in the response a call is. */
    static String callPlace(FunctionCall call, int outputIndex) {
        return ",\"item_id\":\"" + call.itemId() + "\",\"output_index\":" + outputIndex;
    }

    /**
     * The events.
     *
     * @param last the number of the event before them
     * @param received the number of the last event that the client has
     * @param cursor the line of a cursor for the last event, or empty
     */
    List<Buffer> after(long last, long received, String cursor) {
        this.number = last;
        this.received = received;
        boolean hasMessage = output.hasText() || output.calls().isEmpty();
        int place = 0;
        for (FunctionCall call : output.calls().all()) {
            if (hasMessage && place == output.messageIndex()) {
                message();
            }
            call(call, call.outputIndex(hasMessage));
            place++;
        }
        if (hasMessage && place == output.messageIndex()) {
            message();
        }
        later(at -> ResponseEvent.of(
                status.word(), cursor, at, ",\"response\":", end -> response.addTo(end, status, output)));
        return events;
    }

    private void message() {
        String place = messagePlace(output);
        later(at -> ResponseEvent.of(
                "output_text.done",
                at,
                place + ",\"logprobs\":[],\"text\":",
                done -> ResponseOutput.addText(done, output.text())));
        later(at -> ResponseEvent.of("content_part.done", at, place + ",\"part\":", part -> output.addPart(part)));
        later(at -> ResponseEvent.of(
                "output_item.done",
                at,
                ",\"output_index\":" + output.messageIndex() + ",\"item\":",
                item -> output.addMessage(item, status.itemWord())));
    }

    private void call(FunctionCall call, int place) {
        later(at -> ResponseEvent.of(
                "function_call_arguments.done",
                at,
                callPlace(call, place) + ",\"arguments\":" + call.arguments(),
                done -> {}));
        later(at -> ResponseEvent.of(
                "output_item.done",
                at,
                ",\"output_index\":" + place + ",\"item\":" + call.item(status.itemWord()),
                item -> {}));
    }

    private void later(LongFunction<Buffer> event) {
        long ofEvent = ++number;
        if (ofEvent > received) {
            events.later(() -> event.apply(ofEvent));
        }
    }
}
