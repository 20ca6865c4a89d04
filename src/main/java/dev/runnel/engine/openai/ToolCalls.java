package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.text.OneLineJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of {@code tool_calls}. It stays as the upstream wrote it, but on one line. A call without an {@code
 * index}, as in whole answers, gets its place in the array as one. Clients join the pieces of a call by it. For one
 * thread.
 */
final class ToolCalls {

    private static final String INDEX = "index";

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
     * @return an array; {@code null} if there are no calls
     * @throws BadUpstreamException if it is not an array of objects
     */
    @Nullable
    String read() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return null;
        }
        List<String> calls = new ArrayList<>(1);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new BadUpstreamException("a tool call that is not an object");
            }
            calls.add(call(calls.size()));
        }
        return calls.isEmpty() ? null : '[' + String.join(",", calls) + ']';
    }

    private String call(int place) throws IOException {
        int start = from + (int) parser.currentTokenLocation().getByteOffset();
        boolean hasMembers = false;
        boolean hasIndex = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            hasMembers = true;
            hasIndex |= parser.currentName().equals(INDEX);
            parser.nextToken();
            parser.skipChildren();
        }
        int end = from + (int) parser.currentLocation().getByteOffset();
        String json = OneLineJson.of(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        return hasIndex ? json : "{\"" + INDEX + "\":" + place + (hasMembers ? "," : "") + json.substring(1);
    }
}
