package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.request.AnswerForm.Family;
import java.io.IOException;
import java.math.BigInteger;

/**
 * The members whose only accepted values change nothing. Any other value would make the answer mean something else, so
 * it is refused. What is not one of them only hints, and is left unread.
 */
record MeaningRules(Family family, MemberReader value) {

    private static final String ABSENT = "no such member";

    /** Checks the current value, which is not {@code null}. */
    void check(String name) throws IOException {
        switch (name) {
            case "n", "best_of" -> requireOne(name);
            case "logprobs" -> requireNoLogprobs(name);
            case "echo" -> requireFalse(name);
            case "modalities" -> modalities(name);
            case "audio", "functions", "function_call" -> throw value.unsupported(name, ABSENT);
            case "thinking" -> thinking(name);
            default -> {
                // Left unread.
            }
        }
    }

    private void requireOne(String name) throws IOException {
        if (!value.whole(name, "1").equals(BigInteger.ONE)) {
            throw value.unsupported(name, "1");
        }
    }

    /** A boolean for chats. For completions it is a number, and 0 also asks for something. */
    private void requireNoLogprobs(String name) throws IOException {
        if (family == Family.CHAT) {
            requireFalse(name);
        } else {
            throw value.unsupported(name, ABSENT);
        }
    }

    private void requireFalse(String name) throws IOException {
        if (value.bool(name)) {
            throw value.unsupported(name, "false");
        }
    }

    private void modalities(String name) throws IOException {
        String rule = "array of text";
        if (value.token() != JsonToken.START_ARRAY) {
            throw value.refused(name, rule);
        }
        int count = 0;
        while (value.next() != JsonToken.END_ARRAY) {
            if (!value.text(name).equals("text")) {
                throw value.unsupported(name, rule);
            }
            count++;
        }
        if (count == 0) {
            throw MemberReader.refusal(name, "an empty array", rule);
        }
    }

    /** A raw text has no template that could know it. Chats read the member. */
    private void thinking(String name) throws IOException {
        value.bool(name);
        throw value.unsupported(name, "no such member for a raw text");
    }
}
