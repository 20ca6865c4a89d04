package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.EventLines;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Unmet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A stream that was read to its end.
 *
 * @param events the documents of all events, in order
 */
record Streamed(Answer answer, EventLines lines, List<JsonNode> events) {

    /** Reads a stream without judging it, but that it has status 200 and that each event is JSON. */
    static Streamed of(Answer answer) {
        Expect.status(200, answer);
        EventLines lines = answer.events();
        return new Streamed(
                answer, lines, lines.documents().stream().map(Json::parse).toList());
    }

    /** The concatenation of all deltas. */
    String text() {
        return events.stream().map(event -> event.path("delta").asText("")).collect(Collectors.joining());
    }

    String id() {
        return answer.headerOrEmpty("X-Generation-Id");
    }

    JsonNode last() {
        if (events.isEmpty()) {
            throw new Unmet("at least one event", answer.body());
        }
        return events.get(events.size() - 1);
    }

    String finishReason() {
        return last().path("finishReason").asText("");
    }

    /** The events before the terminal one. */
    List<JsonNode> textEvents() {
        return events.stream()
                .filter(event -> !event.has("finishReason") && !event.has("error"))
                .toList();
    }

    long terminalEvents() {
        return events.stream()
                .filter(event -> event.has("finishReason") || event.has("error"))
                .count();
    }

    /** Ends with a finish reason and {@code [DONE]}. */
    Streamed finished() {
        Expect.that(!finishReason().isEmpty(), "a last event with finishReason", last());
        Expect.that(lines.endsWithDone(), "data: [DONE] as the last line", lines.payloads());
        return this;
    }
}
