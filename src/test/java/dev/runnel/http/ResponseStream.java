package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The events of a response, read by the rules of their page. */
final class ResponseStream {

    private static final String DATA = "data: ";

    private final List<JsonNode> events = new ArrayList<>();

    private ResponseStream() {}

    /** Reads events to the end of a body; checks that names agree and that numbers grow. */
    static ResponseStream of(String body) {
        ResponseStream stream = new ResponseStream();
        for (String event : body.split("\n\n", -1)) {
            if (!event.isEmpty()) {
                stream.add(event);
            }
        }
        return stream;
    }

    private void add(String event) {
        List<String> lines = event.lines().filter(line -> !line.startsWith(":")).toList();
        String last = lines.get(lines.size() - 1);
        assertThat(last).startsWith(DATA);
        JsonNode data = ResumedStream.json(last.substring(DATA.length()));
        assertThat(lines.get(0)).isEqualTo("event: " + data.get("type").asText());
        if (!events.isEmpty()) {
            assertThat(number(data)).isGreaterThan(lastNumber());
        }
        events.add(data);
    }

    private static long number(JsonNode event) {
        return event.get("sequence_number").asLong();
    }

    List<JsonNode> events() {
        return events;
    }

    JsonNode last() {
        return events.get(events.size() - 1);
    }

    long lastNumber() {
        return number(last());
    }

    List<Long> numbers() {
        return events.stream().map(ResponseStream::number).toList();
    }

    /** Without {@code response.}. */
    List<String> names() {
        return events.stream()
                .map(event -> event.get("type").asText().replaceFirst("^response\\.", ""))
                .toList();
    }

    /** The deltas. */
    String text() {
        StringBuilder text = new StringBuilder();
        events.stream()
                .filter(event -> event.get("type").asText().equals("response.output_text.delta"))
                .forEach(event -> text.append(event.get("delta").asText()));
        return text.toString();
    }
}
