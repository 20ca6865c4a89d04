package dev.runnel.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The members of {@link Prompt#options}, each as the JSON text that was sent. The names are those of an
 * OpenAI-compatible request.
 *
 * @param members name to JSON text, in their order
 */
public record Options(Map<String, String> members) {

    /** The format that the text must have. */
    public static final String RESPONSE_FORMAT = "response_format";

    /** The tools that the model may call: an array. */
    public static final String TOOLS = "tools";

    /** Which tool the model must call, if any: a string or an object. */
    public static final String TOOL_CHOICE = "tool_choice";

    /** Whether it may call several at once. */
    public static final String PARALLEL_TOOL_CALLS = "parallel_tool_calls";

    /**
     * What turns have besides their contents: an object of objects, by the place of the turn in {@link Prompt#turns()},
     * from 0. Their members are {@link #TOOL_CALLS} of an assistant's turn, and {@link #ROLE} and {@link #TOOL_CALL_ID}
     * of a tool's turn.
     */
    public static final String TURNS = "turns";

    /** The calls in a turn of the assistant: an array. */
    public static final String TOOL_CALLS = "tool_calls";

    /** The role of a turn that {@link dev.runnel.text.Turn.Role} does not have: {@code "tool"}. */
    public static final String ROLE = "role";

    /** The call that a tool's turn answers: a string. */
    public static final String TOOL_CALL_ID = "tool_call_id";

    /** Members that an upstream gets as they came, if its model passes them on: an object. */
    public static final String PASSED = "passed";

    /** If {@code true}, an upstream is not asked for a length: {@link Prompt#maxTokens} is enforced here alone. */
    public static final String OPEN_LENGTH = "open_length";

    /** If {@code true}, the prompt is the start of the text: no template is applied, and no system text is added. */
    public static final String RAW_PROMPT = "raw_prompt";

    /** Whether the model must think before its answer: a boolean. A model whose template does not know it refuses. */
    public static final String THINKING = "thinking";

    /** {@code "none"}: the model answers without thinking, if its template knows that. */
    public static final String REASONING_EFFORT = "reasoning_effort";

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Copies the members. */
    public Options {
        members = Map.copyOf(members);
    }

    /**
     * Reads a prompt's options. A member that is {@code null} is the same as an absent one.
     *
     * @param json an object, or empty
     * @return its members
     * @throws GenerationException with {@code INVALID_REQUEST} if it is not one JSON object without duplicate members
     */
    public static Options read(String json) {
        if (json.isEmpty()) {
            return new Options(Map.of());
        }
        try (JsonParser parser = JSON.createParser(json)) {
            Map<String, String> members = members(parser, json);
            if (parser.nextToken() == null) {
                return new Options(members);
            }
        } catch (IOException e) {
            // Jackson's message repeats the text.
        }
        throw invalid();
    }

    private static Map<String, String> members(JsonParser parser, String json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getCharOffset();
            if (value != JsonToken.VALUE_NULL) {
                members.put(name, json.substring(start, end));
            }
        }
        return members;
    }

    private static GenerationException invalid() {
        return new GenerationException(Failure.invalid(
                "options", "options: not JSON, or not an object, or with a duplicate member (expected: one object)"));
    }

    /** What turns have besides their contents: an object for the place of each, from 0. Read it once for all turns. */
    public Options turns() {
        return object(TURNS);
    }

    /**
     * A member that is an object.
     *
     * @return its members, or none
     */
    public Options object(String name) {
        return read(members.getOrDefault(name, ""));
    }

    /** Whether {@link #RAW_PROMPT} is {@code true}. */
    public boolean isRawPrompt() {
        return member(RAW_PROMPT).orElse("").equals("true");
    }

    /**
     * One member.
     *
     * @param name the member's name
     * @return its JSON text, without one empty
     */
    public Optional<String> member(String name) {
        return Optional.ofNullable(members.get(name));
    }
}
