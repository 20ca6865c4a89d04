package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies that are not what the contract says of a body as a whole, and names that are not known. */
final class BodyCases {

    private static final String ONE_OBJECT = "a body that is not one JSON object in UTF-8";
    private static final String UNKNOWN =
            "for an unknown field the nearest known name: max_tokens: unknown field (did you mean maxTokens?)";

    /** The name of a case, then its body. */
    private static final String[][] NOT_AN_OBJECT = {
        {"empty", ""},
        {"blank", "  \r\n"},
        {"array", "[{\"prompt\":\"a\"}]"},
        {"string", "\"prompt\""},
        {"number", "1"},
        {"null", "null"},
        {"boolean", "true"},
        {"two-objects", "{\"prompt\":\"a\"}{\"prompt\":\"a\"}"},
        {"second-object-on-a-line", "{\"prompt\":\"a\"}\n{\"prompt\":\"a\"}"},
        {"trailing-text", "{\"prompt\":\"a\"}x"},
        {"trailing-brace", "{\"prompt\":\"a\"}}"},
        {"truncated", "{\"prompt\":\"a\""},
        {"open-string", "{\"prompt\":\"a}"},
        {"trailing-comma", "{\"prompt\":\"a\",}"},
        {"missing-comma", "{\"prompt\":\"a\" \"topK\":1}"},
        {"missing-colon", "{\"prompt\" \"a\"}"},
        {"bare-name", "{prompt:\"a\"}"},
        {"single-quotes", "{'prompt':'a'}"},
        {"comment", "/* c */{\"prompt\":\"a\"}"},
        {"line-comment", "{\"prompt\":\"a\"} // c"},
        {"nan", "{\"prompt\":\"a\",\"temperature\":NaN}"},
        {"infinity", "{\"prompt\":\"a\",\"temperature\":Infinity}"},
        {"leading-zero", "{\"prompt\":\"a\",\"topK\":01}"},
        {"plus-sign", "{\"prompt\":\"a\",\"topK\":+1}"},
        {"bare-fraction", "{\"prompt\":\"a\",\"temperature\":.5}"},
        {"hexadecimal", "{\"prompt\":\"a\",\"topK\":0x10}"},
        {"raw-line-feed", "{\"prompt\":\"a\nb\"}"},
        {"raw-tab", "{\"prompt\":\"a\tb\"}"},
        {"unknown-escape", "{\"prompt\":\"\\x\"}"},
        {"short-unicode-escape", "{\"prompt\":\"\\u12\"}"},
        {"form", "prompt=a"},
        {"xml", "<prompt>a</prompt>"}
    };

    /** The name of a case, then the unknown field and the known one that the message suggests. */
    private static final String[][] SUGGESTIONS = {
        {"snake-case", "max_tokens", "maxTokens"},
        {"letter-missing", "temprature", "temperature"},
        {"lower-case", "topk", "topK"},
        {"upper-case", "Prompt", "prompt"},
        {"snake-case-penalty", "presence_penalty", "presencePenalty"},
        {"plural", "stops", "stop"},
        {"snake-case-text", "include_text", "includeText"}
    };

    private BodyCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("request");
        cases.sentence(ONE_OBJECT);
        for (String[] row : NOT_AN_OBJECT) {
            cases.add("body/refuses-" + row[0], 2, s -> refuses(s, row[1].getBytes(StandardCharsets.UTF_8)));
        }
        encodings(cases);
        depth(cases);
        cases.sentence(UNKNOWN);
        for (String[] row : SUGGESTIONS) {
            cases.add("unknown/suggests-" + row[0], 2, s -> suggests(s, row[1], row[2]));
        }
        cases.sentence("Anything else is refused with 400 that names the field")
                .add("unknown/refuses-distant-name", 2, s -> namesUnknown(s, "xylophone"))
                .add(
                        "unknown/refuses-null",
                        2,
                        s -> FieldRule.refusesOnBothRoutes(
                                s, "xylophone", s.small().with("xylophone", "null")))
                .add(
                        "unknown/refuses-openai-stream",
                        2,
                        s -> FieldRule.refusesOnBothRoutes(
                                s, "stream", s.small().with("stream", "true")))
                .sentence("the value (cut to 64 characters)")
                .add("unknown/long-name-is-cut", 1, BodyCases::cutsLongName);
        return cases.cases();
    }

    private static void encodings(CaseList cases) {
        cases.add("body/refuses-byte-order-mark", 2, s -> refuses(s, bytes("\u00ef\u00bb\u00bf{\"prompt\":\"a\"}")))
                .add(
                        "body/refuses-utf-16",
                        2,
                        s -> refuses(s, "{\"prompt\":\"a\"}".getBytes(StandardCharsets.UTF_16LE)))
                .add("body/refuses-latin-1", 2, s -> refuses(s, bytes("{\"prompt\":\"caf\u00e9\"}")))
                .add("body/refuses-overlong-form", 2, s -> refuses(s, bytes("{\"prompt\":\"\u00c0\u00af\"}")))
                .add("body/refuses-encoded-surrogate", 2, s -> refuses(s, bytes("{\"prompt\":\"\u00ed\u00a0\u00bd\"}")))
                .add("body/refuses-cut-code-point", 2, s -> refuses(s, bytes("{\"prompt\":\"\u00e2\u0082\"}")))
                .add("body/refuses-stray-continuation", 2, s -> refuses(s, bytes("{\"prompt\":\"\u0080\"}")))
                .add(
                        "body/refuses-beyond-unicode",
                        2,
                        s -> refuses(s, bytes("{\"prompt\":\"\u00f4\u0090\u0080\u0080\"}")));
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void depth(CaseList cases) {
        cases.sentence("So are … depth over 8")
                .add(
                        "body/refuses-depth-9",
                        2,
                        s -> refuses(
                                s,
                                ("{\"prompt\":" + "[".repeat(8) + "1" + "]".repeat(8) + "}")
                                        .getBytes(StandardCharsets.UTF_8)))
                .add(
                        "body/refuses-depth-1000",
                        2,
                        s -> refuses(s, ("[".repeat(1000) + "]".repeat(1000)).getBytes(StandardCharsets.UTF_8)))
                .sentence("the body is JSON: spacing and order mean nothing")
                .add(
                        "body/accepts-spacing",
                        1,
                        s -> Expect.generated(s.send(s.post(
                                Session.ONCE,
                                " \r\n\t" + s.small().json().replace(":", " : ").replace(",", "\n,") + " \n"))))
                .add(
                        "body/accepts-escaped-names",
                        1,
                        s -> Expect.generated(
                                s.send(s.post(Session.ONCE, s.small().json().replace("prompt", "\\u0070rompt")))));
    }

    private static void refuses(Session s, byte[] body) throws IOException {
        for (String route : List.of(Session.ONCE, Session.STREAM)) {
            Request request = s.post(route, "").body(body);
            Expect.refusal(400, "invalid_request_error", s.send(request));
        }
    }

    private static void suggests(Session s, String unknown, String known) throws IOException {
        JsonNode error = FieldRule.refusesOnBothRoutes(s, unknown, s.small().with(unknown, "1"));
        String message = error.path("message").asText();
        Expect.that(message.contains("did you mean " + known), "a message with: did you mean " + known + "?", message);
    }

    private static void namesUnknown(Session s, String name) throws IOException {
        JsonNode error = FieldRule.refusesOnBothRoutes(s, name, s.small().with(name, "1"));
        String message = error.path("message").asText();
        Expect.that(message.contains(name), "a message that names the field " + name, message);
    }

    private static void cutsLongName(Session s) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.small().with("x".repeat(5000), "1")));
        JsonNode error = Expect.refusal(400, "invalid_request_error", answer);
        Expect.that(!error.toString().contains("x".repeat(100)), "a message with at most 64 characters of it", error);
    }
}
