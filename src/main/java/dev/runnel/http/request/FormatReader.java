package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Submit;
import dev.runnel.text.Quote;
import dev.runnel.text.Utf8;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code responseFormat}: {@code {"type":"text"}}, {@code {"type":"json"}} or {@code
 * {"type":"json","schema":{…}}}. Of the schema only the form is checked; the engine knows which keywords it supports.
 */
final class FormatReader {

    /** The most levels of a schema, itself included. */
    static final int MAX_DEPTH = 64;

    private static final String RULE = "{\"type\":\"text\"}, {\"type\":\"json\"} or {\"type\":\"json\",\"schema\":{…}}";
    private static final String NAME = RequestField.RESPONSE_FORMAT.wireName();

    private final JsonParser json;
    private final FieldReader value;
    private final CharSequence body;

    /** @param body what the parser reads */
    FormatReader(JsonParser json, FieldReader value, CharSequence body) {
        this.json = json;
        this.value = value;
        this.body = body;
    }

    /** The options that ask an engine for the format: a JSON object, or empty for plain text. */
    String read() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw FieldReader.refused(RequestField.RESPONSE_FORMAT, value.kind(), RULE);
        }
        String type = null;
        String schema = null;
        Set<String> seen = new HashSet<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (!seen.add(name)) {
                throw refused(NAME + "." + Quote.cut(name), "given twice", "once");
            }
            boolean isAbsent = json.nextToken() == JsonToken.VALUE_NULL;
            switch (name) {
                case "type" -> type = isAbsent ? null : type();
                case "schema" -> schema = isAbsent ? null : schema();
                default -> throw refused(NAME + "." + Quote.cut(name), "unknown field", "type or schema");
            }
        }
        return options(type, schema);
    }

    private String type() throws IOException {
        boolean isKnown = json.currentToken() == JsonToken.VALUE_STRING
                && (json.getText().equals("text") || json.getText().equals("json"));
        if (!isKnown) {
            throw refused(NAME + ".type", value.shown(), "text or json");
        }
        return json.getText();
    }

    /** The schema as it was sent. */
    private String schema() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw refused(NAME + ".schema", value.kind(), "object, a JSON Schema");
        }
        int start = (int) json.currentTokenLocation().getCharOffset();
        skipObject();
        int end = (int) json.currentLocation().getCharOffset();
        return body.subSequence(start, end).toString();
    }

    private void skipObject() throws IOException {
        Deque<Set<String>> names = new ArrayDeque<>();
        names.push(new HashSet<>());
        while (!names.isEmpty()) {
            JsonToken token = json.nextToken();
            if (token == JsonToken.FIELD_NAME && !names.element().add(json.currentName())) {
                throw refused(NAME + ".schema", Quote.cut(json.currentName()) + " is given twice", "each name once");
            } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                names.push(new HashSet<>());
            } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                names.pop();
            }
            if (names.size() > MAX_DEPTH) {
                throw refused(NAME + ".schema", "nested too deeply", "at most " + MAX_DEPTH + " levels");
            }
        }
    }

    private static String options(@Nullable String type, @Nullable String schema) {
        if (type == null) {
            throw refused(NAME + ".type", "missing", "text or json");
        }
        if (type.equals("text")) {
            if (schema != null) {
                throw refused(NAME + ".schema", "given beside type text", "only beside type json");
            }
            return "";
        }
        if (schema == null) {
            return "{\"response_format\":{\"type\":\"json_object\"}}";
        }
        String options = "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                + "{\"name\":\"response\",\"strict\":true,\"schema\":" + schema + "}}}";
        long bytes = Utf8.length(options);
        if (bytes > Submit.MAX_OPTIONS_BYTES) {
            throw refused(NAME + ".schema", bytes + " bytes", "at most " + Submit.MAX_OPTIONS_BYTES);
        }
        return options;
    }

    private static RefusedException refused(String place, String fault, String rule) {
        return new RefusedException(ErrorResponse.invalid(NAME, place + ": " + fault + " (expected: " + rule + ")"));
    }
}
