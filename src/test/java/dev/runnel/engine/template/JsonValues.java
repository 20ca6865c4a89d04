package dev.runnel.engine.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a caller's JSON as a value whose strings and keys are foreign. */
final class JsonValues {

    private static final int MAX_DEPTH = 64;
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonValues() {}

    /**
     * Reads a JSON text.
     *
     * @throws IOException if it is not one JSON value, or deeper than 64
     */
    static Value read(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new IOException("no JSON value");
            }
            Value value = read(parser, first, 0);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON value");
            }
            return value;
        }
    }

    private static Value read(JsonParser parser, JsonToken token, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("deeper than " + MAX_DEPTH);
        }
        return switch (token) {
            case START_OBJECT -> object(parser, depth + 1);
            case START_ARRAY -> array(parser, depth + 1);
            case VALUE_STRING -> Value.Str.foreign(parser.getText());
            case VALUE_TRUE -> Value.TRUE;
            case VALUE_FALSE -> Value.FALSE;
            case VALUE_NULL -> Value.NONE;
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> new Value.Real(parser.getDoubleValue());
            default -> throw new IOException("not a JSON value");
        };
    }

    /** An integer of more than 64 bits becomes a float. */
    private static Value integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? new Value.Real(parser.getDoubleValue())
                : new Value.Int(parser.getLongValue());
    }

    private static Value object(JsonParser parser, int depth) throws IOException {
        Map<Value, Value> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Value key = Value.Str.foreign(parser.currentName());
            entries.put(key, read(parser, parser.nextToken(), depth));
        }
        return Value.Dict.of(entries);
    }

    private static Value array(JsonParser parser, int depth) throws IOException {
        List<Value> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(read(parser, token, depth));
        }
        return Value.list(items);
    }
}
