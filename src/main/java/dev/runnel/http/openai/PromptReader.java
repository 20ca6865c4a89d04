package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads the {@code prompt} of {@code /v1/completions}: a string, or an array of one string. */
final class PromptReader {

    static final String RULE =
            "string, or an array of one string, 1 … " + MessagesReader.MAX_CODE_POINTS + " code points";

    private static final String PLACE = "prompt";

    private final MemberReader value;

    PromptReader(MemberReader value) {
        this.value = value;
    }

    String read() throws IOException {
        String prompt = value.token() == JsonToken.START_ARRAY ? readOnly() : read(PLACE);
        int codePoints = prompt.codePointCount(0, prompt.length());
        if (codePoints == 0 || codePoints > MessagesReader.MAX_CODE_POINTS) {
            throw MemberReader.refusal(PLACE, codePoints + " code points", RULE);
        }
        return prompt;
    }

    private String readOnly() throws IOException {
        JsonToken first = value.next();
        if (first == JsonToken.VALUE_NUMBER_INT || first == JsonToken.START_ARRAY) {
            throw MemberReader.unsupportedValue(PLACE, PLACE + ": tokens are not supported (expected: " + RULE + ")");
        }
        if (first == JsonToken.END_ARRAY) {
            throw MemberReader.refusal(PLACE, "an empty array", RULE);
        }
        String prompt = read(PLACE);
        if (value.next() != JsonToken.END_ARRAY) {
            throw MemberReader.unsupportedValue(
                    PLACE, PLACE + ": more than one prompt is not supported (expected: " + RULE + ")");
        }
        return prompt;
    }

    private String read(String place) throws IOException {
        if (value.token() != JsonToken.VALUE_STRING) {
            throw MemberReader.refusal(place, value.kind(), RULE);
        }
        return value.text(place);
    }
}
