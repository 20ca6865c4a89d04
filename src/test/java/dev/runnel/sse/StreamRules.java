package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What always holds of a stream, whatever fails: the rules of the API's stream section. Give it the body of a 200
 * answer (or of a refusal in its SSE form).
 */
public final class StreamRules {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String DATA = "data: ";

    private final boolean includesText;

    private final List<JsonNode> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private String id = "";
    private Optional<JsonNode> finished = Optional.empty();
    private Optional<JsonNode> error = Optional.empty();
    private boolean done;
    private int pings;

    private StreamRules(boolean includesText) {
        this.includesText = includesText;
    }

    /** Checks the body of a stream whose events repeat the text. */
    public static Streamed check(byte[] body) {
        return new StreamRules(true).read(body);
    }

    /** Checks the body of a stream with {@code includeText: false}. */
    public static Streamed checkWithoutText(byte[] body) {
        return new StreamRules(false).read(body);
    }

    /**
     * Checks that each chunk of the body was one whole event, or one comment line without a blank line, as readers
     * without a buffer need it.
     */
    public static void checkChunks(List<byte[]> chunks) {
        for (byte[] chunk : chunks) {
            String event = new String(chunk, StandardCharsets.UTF_8);
            if (event.startsWith(":")) {
                assertThat(event.indexOf('\n'))
                        .as("one line a comment: %s", event)
                        .isEqualTo(event.length() - 1);
                continue;
            }
            assertThat(event).endsWith("\n\n");
            assertThat(event.indexOf("\n\n")).as("one event a chunk: %s", event).isEqualTo(event.length() - 2);
        }
    }

    private Streamed read(byte[] body) {
        String whole = decoded(body);
        assertThat(whole).endsWith("\n\n").doesNotContain("\r");
        // The limit of -1 keeps the text after the last line end, which is empty.
        String[] lines = whole.split("\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            line(lines[i]);
            if (lines[i].startsWith(":")) {
                assertThat(lines[i + 1])
                        .as("no blank line after a comment: %s", whole)
                        .isNotEmpty();
            }
        }
        assertThat(lines[lines.length - 1]).isEmpty();
        assertThat(finished.isPresent() ^ error.isPresent())
                .as("exactly one terminal event: %s", whole)
                .isTrue();
        assertThat(done).as("[DONE] after a finish reason and nowhere else").isEqualTo(finished.isPresent());
        return new Streamed(id, List.copyOf(events), text.toString(), finished, error, pings);
    }

    private static String decoded(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("a body that is not UTF-8", e);
        }
    }

    private void line(String line) {
        if (line.startsWith(":")) {
            pings++;
        } else if (line.startsWith(DATA)) {
            assertThat(done || error.isPresent())
                    .as("nothing follows a terminal event: %s", line)
                    .isFalse();
            payload(line.substring(DATA.length()));
        } else if (!line.isEmpty()) {
            assertThat(line).startsWith("id: ");
        }
    }

    private void payload(String payload) {
        if (payload.equals("[DONE]")) {
            assertThat(finished).as("[DONE] comes after the finish reason").isPresent();
            done = true;
            return;
        }
        assertThat(finished).as("only [DONE] follows the finish reason").isEmpty();
        JsonNode event = json(payload);
        events.add(event);
        if (event.has("error")) {
            error(event);
        } else {
            generated(event);
        }
    }

    private static JsonNode json(String payload) {
        // What some line readers take for a line's end never stands there as it is.
        assertThat(payload).doesNotContain("\u0085", "\u2028", "\u2029", "\u000b", "\u000c");
        try {
            JsonNode event = JSON.readTree(payload);
            assertThat(event.isObject()).isTrue();
            return event;
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + payload, e);
        }
    }

    private void error(JsonNode event) {
        assertThat(names(event)).containsExactly("error");
        assertThat(event.get("error").get("type").asText()).endsWith("_error");
        assertThat(event.get("error").get("message").asText()).isNotEmpty();
        error = Optional.of(event.get("error"));
    }

    private void generated(JsonNode event) {
        List<String> fields = new ArrayList<>(includesText ? List.of("id", "text", "delta") : List.of("id", "delta"));
        if (event.has("finishReason")) {
            fields.addAll(List.of("finishReason", "usage"));
            finished = Optional.of(event);
            usage(event.get("usage"));
        }
        assertThat(names(event)).containsExactlyElementsOf(fields);
        if (id.isEmpty()) {
            id = event.get("id").asText();
            assertThat(id).startsWith("gen_");
        }
        assertThat(event.get("id").asText()).isEqualTo(id);
        String delta = event.get("delta").asText();
        assertThat(delta.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE))
                .as("whole code points: %s", delta)
                .isTrue();
        text.append(delta);
        if (includesText) {
            assertThat(event.get("text").asText()).isEqualTo(text.toString());
        }
    }

    private static void usage(JsonNode usage) {
        assertThat(names(usage)).startsWith("promptTokens", "completionTokens", "totalTokens");
        assertThat(usage.get("totalTokens").asInt())
                .isEqualTo(usage.get("promptTokens").asInt()
                        + usage.get("completionTokens").asInt());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }
}
