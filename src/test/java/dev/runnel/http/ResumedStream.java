package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that reads a stream with cursors event by event, and checks that text and cursor belong together. */
final class ResumedStream implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StreamWire wire;
    private final StringBuilder text;
    private String id = "";
    private long cursor;
    private boolean done;
    private Optional<JsonNode> end = Optional.empty();

    /** @param known the text that the client has already */
    ResumedStream(StreamWire wire, String known) {
        this.wire = wire;
        this.text = new StringBuilder(known);
        this.cursor = utf8(known);
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Reads the head of an answer of 200, unless it was read. */
    ResumedStream open() {
        if (!id.isEmpty()) {
            return this;
        }
        HttpWire.Answer head = wire.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        id = head.header("X-Generation-Id");
        assertThat(id).startsWith("gen_");
        return this;
    }

    /** Reads until the client has this text. */
    ResumedStream readTo(String whole) {
        while (!text.toString().equals(whole)) {
            assertThat(whole).startsWith(text.toString());
            assertThat(read()).as("no more text after: %s", text).isTrue();
        }
        return this;
    }

    /** Reads so many events, or to the end; returns whether it is the end. */
    boolean readSome(int events) {
        for (int i = 0; i < events; i++) {
            if (!read()) {
                return true;
            }
        }
        return false;
    }

    /** Reads to the end of the body. */
    ResumedStream readAll() {
        boolean more = true;
        while (more) {
            more = read();
        }
        return this;
    }

    private boolean read() {
        Optional<byte[]> chunk = wire.chunk();
        chunk.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).ifPresent(this::event);
        return chunk.isPresent();
    }

    private void event(String event) {
        assertThat(done).as("nothing follows the end: %s", event).isFalse();
        if (event.equals("data: [DONE]\n\n")) {
            assertThat(end).isPresent();
            done = true;
            return;
        }
        assertThat(end).as("one end: %s", event).isEmpty();
        List<String> lines = new ArrayList<>(List.of(event.split("\n")));
        long id =
                lines.get(0).startsWith("id: ") ? Long.parseLong(lines.remove(0).substring(4)) : -1;
        assertThat(lines).as(event).hasSize(1);
        JsonNode data = json(lines.get(0).substring("data: ".length()));
        if (data.has("error")) {
            assertThat(id).as("an error has no cursor").isEqualTo(-1);
            end = Optional.of(data);
            return;
        }
        text.append(data.get("delta").asText());
        cursor = id;
        assertThat(cursor).as("cursor of %s", event).isEqualTo(utf8(text.toString()));
        if (data.has("text")) {
            assertThat(data.get("text").asText()).isEqualTo(text.toString());
        }
        end = data.has("finishReason") ? Optional.of(data) : Optional.empty();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return id;
    }

    String text() {
        return text.toString();
    }

    long cursor() {
        return cursor;
    }

    /** The finish reason, or the type of the error and its code. */
    String ending() {
        JsonNode last = end.orElseThrow();
        if (last.has("error")) {
            assertThat(done).as("no [DONE] after an error").isFalse();
            JsonNode error = last.get("error");
            return error.get("type").asText()
                    + (error.has("code") ? " " + error.get("code").asText() : "");
        }
        assertThat(done).isTrue();
        return last.get("finishReason").asText();
    }

    @Override
    public void close() {
        wire.close();
    }
}
