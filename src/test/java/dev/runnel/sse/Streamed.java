package dev.runnel.sse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What a client learnt from one stream that kept all rules.
 *
 * @param events every {@code data:} payload but {@code [DONE]}, in order
 * @param text the concatenation of every delta
 * @param finished the event that carries the finish reason, if there was one
 * @param error the error, if there was one
 * @param pings how many comments there were
 */
public record Streamed(
        String id,
        List<JsonNode> events,
        String text,
        Optional<JsonNode> finished,
        Optional<JsonNode> error,
        int pings) {

    /** The events' deltas, the terminal event's included. */
    public List<String> deltas() {
        return events.stream()
                .filter(event -> event.has("delta"))
                .map(event -> event.get("delta").asText())
                .toList();
    }

    public String finishReason() {
        return finished.orElseThrow().get("finishReason").asText();
    }

    public JsonNode usage() {
        return finished.orElseThrow().get("usage");
    }
}
