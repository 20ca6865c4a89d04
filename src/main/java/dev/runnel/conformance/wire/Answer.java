package dev.runnel.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An answer that was read to its end.
 *
 * @param chunks the chunks of the body as they came; one where the body was not chunked
 * @param isComplete whether the body ended as its framing says, rather than by a cut
 */
public record Answer(Head head, List<byte[]> chunks, boolean isComplete) {

    public Answer {
        chunks = List.copyOf(chunks);
    }

    public int status() {
        return head.status();
    }

    public Optional<String> header(String name) {
        return head.header(name);
    }

    /** The value of a header, or an empty string. */
    public String headerOrEmpty(String name) {
        return header(name).orElse("");
    }

    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }

    public String body() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return Json.parse(body());
    }

    /** The lines of the body, for an answer that is a stream of events. */
    public EventLines events() {
        return EventLines.of(bytes());
    }

    public boolean isEventStream() {
        return headerOrEmpty("Content-Type").startsWith("text/event-stream");
    }

    /** The error document of a refusal, in either of its forms. */
    public JsonNode error() {
        if (!isEventStream()) {
            return json().path("error");
        }
        return events().payloads().stream()
                .map(Json::parse)
                .findFirst()
                .map(event -> event.path("error"))
                .orElseGet(Json::missing);
    }
}
