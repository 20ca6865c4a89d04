package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import dev.runnel.text.Surrogates;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads the current value of a JSON parser, or refuses it in the form {@code field: value (expected: rule)}. Of a
 * prompt or stop sequence a message gives the length only.
 */
final class FieldReader {

    /** Digits beyond these change no double and no integer in range. */
    private static final int MAX_NUMBER_CHARACTERS = 64;

    private final JsonParser json;

    FieldReader(JsonParser json) {
        this.json = json;
    }

    long integer(RequestField field, long min, long max) throws IOException {
        String rule = "integer, " + min + " … " + max;
        if (!isNumber() || json.getTextLength() > MAX_NUMBER_CHARACTERS) {
            throw refused(field, shown(), rule);
        }
        OptionalLong number = whole(json.getText(), min, max);
        if (number.isEmpty()) {
            throw refused(field, shown(), rule);
        }
        return number.getAsLong();
    }

    /** Reads a whole number in range, however it is written: {@code 2}, {@code 2.0} or {@code 2e0}. */
    private static OptionalLong whole(String digits, long min, long max) {
        BigDecimal number;
        try {
            number = new BigDecimal(digits);
        } catch (NumberFormatException hugeExponent) {
            return OptionalLong.empty();
        }
        // Compared first: a number in range has few digits before its point, so that the rest costs nothing.
        boolean isInRange =
                number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0;
        return isInRange && number.stripTrailingZeros().scale() <= 0
                ? OptionalLong.of(number.longValueExact())
                : OptionalLong.empty();
    }

    private boolean isNumber() {
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT || json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
    }

    double number(RequestField field, double min, double max, String rule) throws IOException {
        if (!isNumber() || json.getTextLength() > MAX_NUMBER_CHARACTERS) {
            throw refused(field, shown(), rule);
        }
        double number = Double.parseDouble(json.getText());
        if (!(number >= min && number <= max)) {
            throw refused(field, shown(), rule);
        }
        return number;
    }

    boolean bool(RequestField field) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw refused(field, shown(), "true or false");
        };
    }

    String name(RequestField field, String rule) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(field, shown(), rule);
        }
        return json.getText();
    }

    /** Reads a text that no message repeats. */
    String text(RequestField field, int maxCodePoints, String rule) throws IOException {
        return text(field, field.wireName(), maxCodePoints, rule);
    }

    List<String> texts(RequestField field, int maxTexts, int maxCodePoints, String rule) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw refused(field, kind(), rule);
        }
        List<String> texts = new ArrayList<>(maxTexts);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (texts.size() == maxTexts) {
                throw refused(field, "more than " + maxTexts + " strings", rule);
            }
            texts.add(text(field, field.wireName() + "[" + texts.size() + "]", maxCodePoints, rule));
        }
        if (texts.isEmpty()) {
            throw refused(field, "an empty array", rule);
        }
        return texts;
    }

    private String text(RequestField field, String place, int maxCodePoints, String rule) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(field, place, kind(), rule);
        }
        String text = json.getText();
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == 0) {
            throw refused(field, place, "empty", rule);
        }
        if (codePoints > maxCodePoints) {
            throw refused(field, place, codePoints + " characters", rule);
        }
        if (Surrogates.hasUnpaired(text)) {
            throw refused(field, place, "has an unpaired surrogate", "whole code points, which UTF-8 can encode");
        }
        return text;
    }

    /** The value as the caller wrote it, cut to 64 code points. */
    String shown() throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> '"' + Quote.cut(json.getText()) + '"';
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Quote.cut(json.getText());
            default -> kind();
        };
    }

    /** What kind of value it is, for values that are not repeated. */
    String kind() {
        return switch (json.currentToken()) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "null";
        };
    }

    static RefusedException refused(RequestField field, String value, String rule) {
        return refused(field, field.wireName(), value, rule);
    }

    private static RefusedException refused(RequestField field, String place, String value, String rule) {
        return new RefusedException(
                ErrorResponse.invalid(field.wireName(), place + ": " + value + " (expected: " + rule + ")"));
    }
}
