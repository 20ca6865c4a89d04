package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import java.util.Map;
import java.util.TreeMap;

/**
 * The members of a whole message that are not its text, joined from the parts of an answer. A call of a tool comes in
 * pieces with the same {@code index}. The {@code arguments} of its function are joined. Of every other member the first
 * value counts that is not {@code null}.
 */
final class MessageParts {

    private static final String INDEX = "index";
    private static final String FUNCTION = "function";
    private static final String ARGUMENTS = "arguments";

    /** Parts are bounded, and so is the number of their digits. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private final StringBuilder reasoning = new StringBuilder();
    private final Map<Long, ObjectNode> calls = new TreeMap<>();
    /** The joined arguments of each call: strings that are joined piece by piece would be copied each time. */
    private final Map<Long, StringBuilder> arguments = new TreeMap<>();

    private MessageParts() {}

    /** The members from all parts from the reader's place on. */
    static MessageParts of(Parts.Reader parts) {
        MessageParts message = new MessageParts();
        for (PlacedPart part = parts.poll(); part != null; part = parts.poll()) {
            message.add(part);
        }
        return message;
    }

    private void add(PlacedPart part) {
        switch (part.kind()) {
            case REASONING_CONTENT ->
                reasoning.append(part.json(), 1, part.json().length() - 1);
            case TOOL_CALLS -> tree(part.json()).forEach(this::addCall);
            case UNKNOWN -> {
                // A client would not understand it.
            }
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the engine checked the calls when it read them", e);
        }
    }

    private void addCall(JsonNode piece) {
        long index = piece.path(INDEX).asLong();
        ObjectNode call = calls.computeIfAbsent(index, first -> JSON.createObjectNode());
        merge(call, piece);
        JsonNode more = piece.path(FUNCTION).path(ARGUMENTS);
        if (more.isTextual()) {
            arguments.computeIfAbsent(index, first -> new StringBuilder()).append(more.textValue());
        }
    }

    private static void merge(ObjectNode whole, JsonNode piece) {
        for (Map.Entry<String, JsonNode> member : piece.properties()) {
            JsonNode known = whole.get(member.getKey());
            if (known instanceof ObjectNode object && member.getValue().isObject()) {
                merge(object, member.getValue());
            } else if (known == null || known.isNull()) {
                whole.set(member.getKey(), member.getValue());
            }
        }
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /** The members with a comma before each; empty without any. */
    String members() {
        StringBuilder members = new StringBuilder();
        if (reasoning.length() > 0) {
            members.append(",\"reasoning_content\":\"").append(reasoning).append('"');
        }
        if (hasCalls()) {
            members.append(",\"tool_calls\":").append(array());
        }
        return members.toString();
    }

    private String array() {
        StringBuilder array = new StringBuilder();
        calls.forEach((index, call) -> {
            call.remove(INDEX);
            StringBuilder joined = arguments.get(index);
            if (joined != null && call.get(FUNCTION) instanceof ObjectNode function) {
                function.put(ARGUMENTS, joined.toString());
            }
            array.append(array.isEmpty() ? '[' : ',').append(call);
        });
        return array.append(']').toString();
    }
}
