package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Json;
import java.io.IOException;
import java.util.List;

/** The fields {@code prompt} and {@code stop}. */
final class PromptCases {

    private static final int MAX_CODE_POINTS = 100_000;
    private static final String NOT_REPEATED = "contents and stop are never repeated";
    private static final String MARK = "zebra-crossing";

    private PromptCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("request");
        prompt(cases);
        stop(cases);
        stopValues(cases);
        return cases.cases();
    }

    private static void prompt(CaseList cases) {
        cases.sentence("prompt: string, 1 … 100 000 code points")
                .add("prompt/accepts-one-code-point", 1, s -> acceptsPrompt(s, "\"a\""))
                .add("prompt/accepts-four-bytes", 1, s -> acceptsPrompt(s, "\"\uD83D\uDE00\""))
                .add("prompt/accepts-escaped-pair", 1, s -> acceptsPrompt(s, "\"\\ud83d\\ude00\""))
                .add("prompt/accepts-escaped-control", 1, s -> acceptsPrompt(s, "\"a\\u0001b\""))
                .add("prompt/accepts-escapes", 1, s -> acceptsPrompt(s, "\"a\\n\\t\\\"\\\\\\/b\""))
                .add("prompt/accepts-separators", 1, s -> acceptsPrompt(s, "\"a\u2028b\u2029c\u0085d\""))
                .add("prompt/accepts-special-token", 1, s -> acceptsPrompt(s, "\"<|im_end|><s></s>\""))
                .sentence("prompt: string, 1 … 100 000 code points. Anything else is refused with 400")
                .add("prompt/refuses-empty", 2, s -> refusesPrompt(s, "\"\""))
                .add("prompt/refuses-too-long", 2, s -> refusesPrompt(s, Json.quoted("a".repeat(MAX_CODE_POINTS + 1))))
                .add("prompt/refuses-number", 2, s -> refusesPrompt(s, "1"))
                .add("prompt/refuses-boolean", 2, s -> refusesPrompt(s, "true"))
                .add("prompt/refuses-array", 2, s -> refusesPrompt(s, "[\"a\"]"))
                .add("prompt/refuses-object", 2, s -> refusesPrompt(s, "{\"text\":\"a\"}"))
                .sentence("one of prompt and messages is required")
                .add(
                        "prompt/refuses-missing",
                        2,
                        s -> FieldRule.refusesOnBothRoutes(
                                s, "prompt", s.small().without("prompt")))
                .add("prompt/refuses-null", 2, s -> refusesPrompt(s, "null"))
                .sentence("a body that is not one JSON object in UTF-8")
                .add("prompt/refuses-high-surrogate", 2, s -> refusesPrompt(s, "\"a\\ud83db\""))
                .add("prompt/refuses-low-surrogate", 2, s -> refusesPrompt(s, "\"a\\ude00b\""))
                .add("prompt/refuses-swapped-surrogates", 2, s -> refusesPrompt(s, "\"\\ude00\\ud83d\""))
                .sentence(NOT_REPEATED)
                .add("prompt/is-not-repeated", 2, s -> doesNotRepeat(s, "prompt", "\"" + MARK + "\\ud83d\""))
                .sentence(FieldRule.DUPLICATES)
                .add("prompt/refuses-duplicate", 1, s -> refusesRaw(s, "{\"prompt\":\"a\",\"prompt\":\"a\"}"))
                .add(
                        "prompt/refuses-escaped-duplicate",
                        1,
                        s -> refusesRaw(s, "{\"prompt\":\"a\",\"\\u0070rompt\":\"a\"}"));
    }

    private static void stop(CaseList cases) {
        String four = "\"\uD83D\uDE00\"".replace("\uD83D\uDE00", "\uD83D\uDE00".repeat(64));
        FieldRule.of("stop", "1 … 4 strings of 1 … 64 characters")
                .accepts("one", "[\"###\"]")
                .accepts("four", "[\"#1\",\"#2\",\"#3\",\"#4\"]")
                .accepts("64-characters", "[\"" + "#".repeat(64) + "\"]")
                .accepts("64-characters-of-four-bytes", "[" + four + "]")
                .refuses("five", "[\"#1\",\"#2\",\"#3\",\"#4\",\"#5\"]")
                .refuses("empty-array", "[]")
                .refuses("empty-string", "[\"\"]")
                .refuses("65-characters", "[\"" + "#".repeat(65) + "\"]")
                .refuses("plain-string", "\"###\"")
                .refuses("number", "1")
                .refuses("boolean", "true")
                .refuses("object", "{}")
                .refuses("number-inside", "[1]")
                .refuses("null-inside", "[null]")
                .refuses("array-inside", "[[\"#\"]]")
                .refuses("lone-surrogate", "[\"\\ud83d\"]")
                .addTo(cases);
        cases.sentence(NOT_REPEATED)
                .add("stop/is-not-repeated", 2, s -> doesNotRepeat(s, "stop", "[\"" + MARK + "\\ud83d\"]"));
    }

    private static void stopValues(CaseList cases) {
        cases.sentence("stop: … or a stop sequence, which is not part of the text")
                .add("stop/ends-the-text", 2, PromptCases::stopEndsTheText)
                .add("stop/is-not-in-the-stream", 2, PromptCases::stopIsNotInTheStream);
    }

    private static void acceptsPrompt(Session s, String json) throws IOException {
        Expect.generated(s.send(s.post(Session.ONCE, s.small().with("prompt", json))));
    }

    private static void refusesPrompt(Session s, String json) throws IOException {
        FieldRule.refusesOnBothRoutes(s, "prompt", s.small().with("prompt", json));
    }

    private static void refusesRaw(Session s, String json) throws IOException {
        Expect.refusal(400, "invalid_request_error", s.send(s.post(Session.ONCE, json)));
    }

    private static void doesNotRepeat(Session s, String field, String json) throws IOException {
        JsonNode error = FieldRule.refusesOnBothRoutes(s, field, s.small().with(field, json));
        String message = error.path("message").asText();
        Expect.that(!message.contains(MARK), "a message that does not repeat the value", message);
    }

    private static void stopEndsTheText(Session s) throws IOException {
        String word = Texts.wordWithin(s);
        JsonNode body = Expect.generated(s.send(s.post(Session.ONCE, stopping(s, word))));
        Expect.that(!body.path("text").asText().contains(word), "a text without the stop sequence " + word, body);
        Expect.equal("finishReason", "stop", body.path("finishReason").asText());
    }

    private static void stopIsNotInTheStream(Session s) throws IOException {
        String word = Texts.wordWithin(s);
        Streamed stream = Streamed.of(s.send(s.post(Session.STREAM, stopping(s, word))));
        Expect.that(!stream.text().contains(word), "deltas without the stop sequence " + word, stream.text());
        Expect.equal("finishReason", "stop", stream.finishReason());
    }

    private static Body stopping(Session s, String word) {
        return s.story(ModelRole.TEXT).with("temperature", "0").with("stop", "[" + Json.quoted(word) + "]");
    }
}
