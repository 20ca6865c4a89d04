package dev.runnel.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the events of a generation to one reader, with the fault of its server. */
final class ReferenceStream {

    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final ReferenceGeneration generation;
    private final Fault fault;
    private final boolean hasIds;
    private final boolean hasText;
    private final OutputStream out;

    /**
     * A stream.
     *
     * @param hasIds whether events have cursors
     * @param hasText whether each event repeats the text
     */
    ReferenceStream(ReferenceGeneration generation, Fault fault, boolean hasIds, boolean hasText, OutputStream out) {
        this.generation = generation;
        this.fault = fault;
        this.hasIds = hasIds;
        this.hasText = hasText;
        this.out = out;
    }

    /** Writes until the generation is over. */
    void write(int fromCharacter) throws IOException, InterruptedException {
        int at = fromCharacter;
        int events = 0;
        generation.awaitMore(at);
        for (String text = generation.text(); at < text.length(); text = generation.text()) {
            int end = fault == Fault.SPLIT_CODE_POINT ? at + 1 : text.length();
            events++;
            if (fault != Fault.LOST_DELTA || events != 1) {
                write(text.substring(at, end), text.substring(0, end));
            }
            if (fault == Fault.REPEATED_DELTA && events == 1) {
                write(text.substring(at, end), text.substring(0, end));
            }
            at = end;
            generation.awaitMore(at);
        }
        end(generation.end().orElseThrow());
    }

    private void write(String delta, String text) throws IOException {
        ObjectNode event = event(delta, fault == Fault.TEXT_IS_NOT_THE_SUM ? text + "x" : text);
        send(id(text) + "data: " + json(event) + "\n\n");
    }

    private ObjectNode event(String delta, String text) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("id", generation.id());
        if (hasText) {
            event.put("text", text);
        }
        return event.put("delta", delta);
    }

    private String json(JsonNode event) throws JsonProcessingException {
        return fault == Fault.SPLIT_CODE_POINT ? ASCII.writeValueAsString(event) : event.toString();
    }

    private String id(String text) {
        if (!hasIds) {
            return "";
        }
        String counted = fault == Fault.CURSOR_IN_ESCAPED_BYTES
                ? JsonNodeFactory.instance.textNode(text).toString()
                : text;
        return "id: " + counted.getBytes(StandardCharsets.UTF_8).length + "\n";
    }

    private void end(JsonNode end) throws IOException {
        String text = generation.text();
        if (end.has("error") && fault != Fault.SUCCESS_AFTER_DEAD_ENGINE) {
            send("data: " + end + "\n\n" + (fault == Fault.DONE_AFTER_ERROR ? "data: [DONE]\n\n" : ""));
            return;
        }
        ObjectNode last = event("", text);
        last.set(
                "finishReason",
                JsonNodeFactory.instance.textNode(end.path("finishReason").asText("stop")));
        last.set("usage", end.path("usage"));
        send(id(text) + "data: " + json(last) + "\n\n");
        send("data: [DONE]\n\n" + (fault == Fault.DOUBLE_DONE ? "data: [DONE]\n\n" : ""));
        if (fault == Fault.EVENT_AFTER_THE_END) {
            write("", text);
        }
    }

    private void send(String lines) throws IOException {
        out.write(lines.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
