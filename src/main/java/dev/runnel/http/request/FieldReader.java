package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import dev.runnel.text.Surrogates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the value that a JSON parser stands on, or refuses it in the form {@code field: value (expected: rule)}. What a
 * caller wrote as text is told by its length only.
 */
public final class FieldReader {

    /** Digits beyond that change no double and no integer in range. */
    private static final int LONGEST_NUMBER = 64;

    private final JsonParser json;

    FieldReader(JsonParser json) {
        this.json = json;
    }

    long integer(RequestField field, long least, long most) throws IOException {
        String rule = "integer, " + least + " … " + most;
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw refused(field, value(), rule);
        }
        // More than 18 digits are out of every range, and need not fit a long.
        String digits = json.getText();
        if (digits.length() > 18) {
            throw refused(field, value(), rule);
        }
        long number = Long.parseLong(digits);
        if (number < least || number > most) {
            throw refused(field, value(), rule);
        }
        return number;
    }

    double number(RequestField field, double least, double most, String rule) throws IOException {
        boolean numeric = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                || json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
        if (!numeric || json.getTextLength() > LONGEST_NUMBER) {
            throw refused(field, value(), rule);
        }
        double number = Double.parseDouble(json.getText());
        if (!(number >= least && number <= most)) {
            throw refused(field, value(), rule);
        }
        return number;
    }

    boolean bool(RequestField field) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw refused(field, value(), "true or false");
        };
    }

    String name(RequestField field, String rule) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(field, value(), rule);
        }
        return json.getText();
    }

    /** A text that is never repeated to anybody. */
    String text(RequestField field, int most, String rule) throws IOException {
        return text(field, field.wireName(), most, rule);
    }

    List<String> texts(RequestField field, int mostTexts, int mostCodePoints, String rule) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw refused(field, kind(), rule);
        }
        List<String> texts = new ArrayList<>(mostTexts);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (texts.size() == mostTexts) {
                throw refused(field, "more than " + mostTexts + " strings", rule);
            }
            texts.add(text(field, field.wireName() + "[" + texts.size() + "]", mostCodePoints, rule));
        }
        if (texts.isEmpty()) {
            throw refused(field, "an empty array", rule);
        }
        return texts;
    }

    private String text(RequestField field, String place, int mostCodePoints, String rule) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(field, place, kind(), rule);
        }
        String text = json.getText();
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == 0) {
            throw refused(field, place, "empty", rule);
        }
        if (codePoints > mostCodePoints) {
            throw refused(field, place, codePoints + " characters", rule);
        }
        if (Surrogates.hasUnpaired(text)) {
            throw refused(
                    field, place, "holds half of a surrogate pair", "whole code points, as UTF-8 can express them");
        }
        return text;
    }

    /** The value as the caller wrote it, cut to what a message can bear. */
    private String value() throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> '"' + cut(json.getText()) + '"';
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> cut(json.getText());
            default -> kind();
        };
    }

    private String kind() {
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

    /** At most 64 code points of a text. */
    public static String cut(String text) {
        return Quote.cut(text);
    }

    static RefusedException refused(RequestField field, String value, String rule) {
        return refused(field, field.wireName(), value, rule);
    }

    private static RefusedException refused(RequestField field, String place, String value, String rule) {
        return new RefusedException(
                ErrorResponse.invalid(field.wireName(), place + ": " + value + " (expected: " + rule + ")"));
    }
}
