package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.text.OneLineJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads the value of {@code tool_calls}. Each call stays as the upstream wrote it, but on one line. For one thread.
 */
final class ToolCalls {

    private final JsonParser parser;
    private final byte[] bytes;
    private final int from;

    /**
     * @param parser at the value
     * @param bytes what the parser reads
     * @param from where the parser started
     */
    ToolCalls(JsonParser parser, byte[] bytes, int from) {
        this.parser = parser;
        this.bytes = bytes;
        this.from = from;
    }

    /**
     * Reads it to its end.
     *
     * @return the calls in their order; none if it is not an array
     * @throws BadUpstreamException if it is not an array of objects
     */
    List<ToolCall> read() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return List.of();
        }
        List<ToolCall> calls = new ArrayList<>(1);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new BadUpstreamException("a tool call that is not an object");
            }
            calls.add(call());
        }
        return calls;
    }

    private ToolCall call() throws IOException {
        int start = from + (int) parser.currentTokenLocation().getByteOffset();
        OptionalLong index = OptionalLong.empty();
        String id = "";
        boolean isNamed = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "index" -> index = OptionalLong.of(index(value));
                case "id" -> id = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                case "function" -> isNamed |= isNamed(value);
                default -> {
                    // It stays as it is.
                }
            }
            parser.skipChildren();
        }
        int end = from + (int) parser.currentLocation().getByteOffset();
        String json = OneLineJson.of(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        return new ToolCall(json, index, id, isNamed);
    }

    /** Clients read as 0 what is not a number of a usual size. */
    private long index(JsonToken value) throws IOException {
        boolean isUsual = value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT;
        return isUsual ? parser.getIntValue() : 0;
    }

    /** Reads a function to its end. */
    private boolean isNamed(JsonToken function) throws IOException {
        boolean isNamed = false;
        while (function == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isName = parser.currentName().equals("name");
            JsonToken value = parser.nextToken();
            isNamed |= isName && value == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
            parser.skipChildren();
        }
        return isNamed;
    }
}
