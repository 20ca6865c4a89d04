package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import dev.runnel.text.Surrogates;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the current value of a parser, or refuses it in the form {@code place: value (expected: rule)} with the place
 * as {@code param}. A message never repeats contents and stop sequences. The place is a member's name, or its path,
 * such as {@code messages[2].role}.
 */
public final class MemberReader {

    public static final String UNSUPPORTED = "unsupported_value";

    /** A whole number with more digits after its exponent is resolved is larger than any range. */
    private static final int MAX_DIGITS = 1000;

    private final JsonParser json;
    private final CharSequence body;

    /** @param body what the parser reads */
    MemberReader(JsonParser json, CharSequence body) {
        this.json = json;
        this.body = body;
    }

    /** Goes to the next token. */
    public JsonToken next() throws IOException {
        return json.nextToken();
    }

    public JsonToken token() {
        return json.currentToken();
    }

    /** Reads one member of an object. */
    @FunctionalInterface
    public interface Member {

        /** The current value is the member's, and not {@code null}. It may be left unread. */
        void read(String name) throws IOException;
    }

    /** Reads an object, without the members that are {@code null}: they are the same as absent. */
    public void object(String place, Member member) throws IOException {
        if (token() != JsonToken.START_OBJECT) {
            throw refusal(place, kind(), "object");
        }
        members(member);
    }

    /** Reads the members of an object to its end. */
    public void members(Member member) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (json.nextToken() != JsonToken.VALUE_NULL) {
                member.read(name);
                // Without effect after a value that was read: the parser is at its last token.
                json.skipChildren();
            }
        }
    }

    /** Reads one value. */
    @FunctionalInterface
    public interface Value {

        /** Leaves the parser at the value's last token. */
        void read() throws IOException;
    }

    /** Reads the current value, an object or an array, and returns it as it was sent. */
    public String raw(Value value) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        value.read();
        int end = (int) json.currentLocation().getCharOffset();
        return body.subSequence(start, end).toString();
    }

    /** Reads the current value, of any type, and returns it as it was sent. */
    public String raw() throws IOException {
        return raw(() -> {
            json.skipChildren();
            json.finishToken();
        });
    }

    /** Passes the current value and all that is in it. */
    public void skip() throws IOException {
        json.skipChildren();
    }

    public boolean bool(String place) throws IOException {
        return switch (token()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw refused(place, "true or false");
        };
    }

    public double number(String place, double min, double max) throws IOException {
        String rule = "number, " + (long) min + " … " + (long) max;
        if (!isNumber()) {
            throw refused(place, rule);
        }
        double number = Double.parseDouble(json.getText());
        if (!(number >= min && number <= max)) {
            throw refused(place, rule);
        }
        return number;
    }

    /** A whole number of at least {@code min}; one above {@code max} is {@code max}. */
    public int integerAtLeast(String place, int min, int max) throws IOException {
        BigInteger number = whole(place, "integer, " + min + " or more");
        if (number.compareTo(BigInteger.valueOf(min)) < 0) {
            throw refused(place, "integer, " + min + " or more");
        }
        return number.min(BigInteger.valueOf(max)).intValueExact();
    }

    int integer(String place, int min, int max) throws IOException {
        String rule = "integer, " + min + " … " + max;
        BigInteger number = whole(place, rule);
        if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
            throw refused(place, rule);
        }
        return number.intValueExact();
    }

    /** A whole number, however it is written: {@code 2}, {@code 2.0} or {@code 2e0}. */
    BigInteger whole(String place, String rule) throws IOException {
        if (!isNumber()) {
            throw refused(place, rule);
        }
        Optional<BigInteger> number = whole(json.getText());
        if (number.isEmpty()) {
            throw refused(place, rule);
        }
        return number.get();
    }

    private static Optional<BigInteger> whole(String digits) {
        try {
            BigDecimal number = new BigDecimal(digits);
            if (number.signum() == 0) {
                return Optional.of(BigInteger.ZERO);
            }
            // Compared first: the rest costs nothing for a number with few digits before its point.
            boolean isShort = (long) number.precision() - number.scale() <= MAX_DIGITS;
            return isShort && number.stripTrailingZeros().scale() <= 0
                    ? Optional.of(number.toBigInteger())
                    : Optional.empty();
        } catch (NumberFormatException hugeExponent) {
            return Optional.empty();
        }
    }

    private boolean isNumber() {
        return token() == JsonToken.VALUE_NUMBER_INT || token() == JsonToken.VALUE_NUMBER_FLOAT;
    }

    public String text(String place) throws IOException {
        if (token() != JsonToken.VALUE_STRING) {
            throw refused(place, "string");
        }
        String text = json.getText();
        if (Surrogates.hasUnpaired(text)) {
            throw refusal(place, "has an unpaired surrogate", "whole code points, which UTF-8 can encode");
        }
        return text;
    }

    /** A string or an array of strings, without the empty ones. */
    List<String> stops(String place, int maxTexts, int maxCodePoints) throws IOException {
        String rule = "a string, or at most " + maxTexts + " strings, of at most " + maxCodePoints + " characters each";
        if (token() == JsonToken.VALUE_STRING) {
            return stop(place, maxCodePoints, rule).map(List::of).orElse(List.of());
        }
        if (token() != JsonToken.START_ARRAY) {
            throw refusal(place, kind(), rule);
        }
        List<String> texts = new ArrayList<>();
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (++count > maxTexts) {
                throw refusal(place, "more than " + maxTexts + " strings", rule);
            }
            stop(place, maxCodePoints, rule).ifPresent(texts::add);
        }
        return texts;
    }

    private Optional<String> stop(String place, int maxCodePoints, String rule) throws IOException {
        if (token() != JsonToken.VALUE_STRING) {
            throw refusal(place, kind(), rule);
        }
        String text = text(place);
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints > maxCodePoints) {
            throw refusal(place, codePoints + " characters", rule);
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The refusal of the current value, which the message shows up to 64 characters. */
    public RefusedException refused(String place, String rule) throws IOException {
        return refusal(place, value(), rule);
    }

    /** The refusal of a value that a client may send, and that would make the answer mean something else. */
    public RefusedException unsupported(String place, String rule) throws IOException {
        return unsupportedValue(place, place + ": " + value() + " is not supported (expected: " + rule + ")");
    }

    /** The same with a message of its own. */
    public static RefusedException unsupportedValue(String place, String message) {
        return new RefusedException(ErrorResponse.invalid(place, message, UNSUPPORTED));
    }

    public static RefusedException refusal(String place, String value, String rule) {
        return new RefusedException(ErrorResponse.invalid(place, place + ": " + value + " (expected: " + rule + ")"));
    }

    private String value() throws IOException {
        return switch (token()) {
            case VALUE_STRING -> '"' + Quote.cut(json.getText()) + '"';
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Quote.cut(json.getText());
            default -> kind();
        };
    }

    /** What the value is, without its content. */
    public String kind() {
        return switch (token()) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "null";
        };
    }
}
