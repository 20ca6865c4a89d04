package dev.runnel.http.responses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.text.EscapedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one part of an answer has of one call of a tool. The texts are escaped, as they stand between the quotes of a
 * JSON string; empty where they are missing.
 *
 * @param index pieces with the same one belong to the same call
 */
record CallPiece(long index, String id, String name, String arguments) {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads the value of a part of the kind {@code tool_calls}: an array of objects. */
    static List<CallPiece> read(String json) {
        List<CallPiece> pieces = new ArrayList<>(1);
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                pieces.add(new Reader(json, parser).piece());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the engine checked the calls when it read them", e);
        }
        return pieces;
    }

    /** Reads one object. */
    private static final class Reader {

        private final String json;
        private final JsonParser parser;
        private long index;
        private String id = "";
        private String name = "";
        private String arguments = "";

        Reader(String json, JsonParser parser) {
            this.json = json;
            this.parser = parser;
        }

        CallPiece piece() throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String member = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (member) {
                    case "index" -> index = index(value);
                    case "id" -> id = string(value);
                    case "function" -> function(value);
                    default -> parser.skipChildren();
                }
            }
            return new CallPiece(index, id, name, arguments);
        }

        /** As the engine reads it. */
        private long index(JsonToken value) throws IOException {
            boolean isUsual =
                    value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT;
            int number = isUsual ? parser.getIntValue() : 0;
            parser.skipChildren();
            return number;
        }

        private void function(JsonToken start) throws IOException {
            if (start != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String member = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (member) {
                    case "name" -> name = string(value);
                    case "arguments" -> arguments = value == JsonToken.START_OBJECT ? object() : string(value);
                    default -> parser.skipChildren();
                }
            }
        }

        /** A string without its quotes, as it was written; empty for another value. */
        private String string(JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                return "";
            }
            String quoted = written();
            return quoted.substring(1, quoted.length() - 1);
        }

        /** Some servers write the arguments as an object, which is a string of JSON in this API. */
        private String object() throws IOException {
            return EscapedText.of(written()).escapedString();
        }

        private String written() throws IOException {
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            parser.finishToken();
            return json.substring(start, (int) parser.currentLocation().getCharOffset());
        }
    }
}
