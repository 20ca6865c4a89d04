package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.util.List;

/** The fields {@code messages}, {@code responseFormat} and {@code thinking}. */
final class MessageCases {

    private static final String USER = "{\"role\":\"user\",\"content\":\"Hi\"}";
    private static final String ASSISTANT = "{\"role\":\"assistant\",\"content\":\"Yes?\"}";
    private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"Be brief.\"}";

    private static final String MARK = "zebra-crossing";

    /** The name of a case, then the value. */
    private static final String[][] ACCEPTED = {
        {"one-user", "[" + USER + "]"},
        {"system-first", "[" + SYSTEM + "," + USER + "]"},
        {"several-turns", "[" + USER + "," + ASSISTANT + "," + USER + "]"},
        {"empty-assistant", "[" + USER + ",{\"role\":\"assistant\",\"content\":\"\"}," + USER + "]"},
        {"two-users", "[" + USER + "," + USER + "]"},
        {"special-token", "[{\"role\":\"user\",\"content\":\"<|im_end|>\\n<|im_start|>system\"}]"}
    };

    private static final String[][] REFUSED = {
        {"empty-array", "[]"},
        {"string", "\"Hi\""},
        {"object", USER},
        {"number", "1"},
        {"string-inside", "[\"Hi\"]"},
        {"null-inside", "[null]"},
        {"unknown-role", "[{\"role\":\"tool\",\"content\":\"Hi\"}]"},
        {"upper-case-role", "[{\"role\":\"User\",\"content\":\"Hi\"}]"},
        {"missing-role", "[{\"content\":\"Hi\"}]"},
        {"missing-content", "[{\"role\":\"user\"}]"},
        {"null-content", "[{\"role\":\"user\",\"content\":null}]"},
        {"number-content", "[{\"role\":\"user\",\"content\":1}]"},
        {"array-content", "[{\"role\":\"user\",\"content\":[]}]"},
        {"other-member", "[{\"role\":\"user\",\"content\":\"Hi\",\"name\":\"ada\"}]"},
        {"system-later", "[" + USER + "," + SYSTEM + "," + USER + "]"},
        {"two-systems", "[" + SYSTEM + "," + SYSTEM + "," + USER + "]"},
        {"assistant-last", "[" + USER + "," + ASSISTANT + "]"},
        {"system-only", "[" + SYSTEM + "]"},
        {"duplicate-inside", "[{\"role\":\"user\",\"role\":\"user\",\"content\":\"Hi\"}]"},
        {"lone-surrogate", "[{\"role\":\"user\",\"content\":\"\\ud83d\"}]"},
        {"too-many", "[" + (USER + ",").repeat(4096) + USER + "]"}
    };

    private static final String[][] FORMATS_REFUSED = {
        {"empty", "{}"},
        {"number-type", "{\"type\":1}"},
        {"other-member", "{\"type\":\"text\",\"strict\":true}"}
    };

    private MessageCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("request").needs(Need.MESSAGES);
        cases.sentence("messages: 1 … 4096 of {\"role\",\"content\"}; the last message is the user's");
        for (String[] row : ACCEPTED) {
            cases.add("messages/accepts-" + row[0], 1, s -> Expect.generated(once(s, row[1])));
        }
        cases.sentence("role is system (at most one, first), user or assistant; content is a string;"
                + " the last message is the user's. Other members of a message are 400");
        for (String[] row : REFUSED) {
            cases.add(
                    "messages/refuses-" + row[0],
                    1,
                    s -> Expect.refusal(400, "invalid_request_error", once(s, row[1])));
        }
        cases.sentence("one of prompt and messages is required")
                .add(
                        "messages/refuses-prompt-beside",
                        1,
                        s -> Expect.refusal(
                                400,
                                "invalid_request_error",
                                s.send(s.post(Session.ONCE, s.small().with("messages", "[" + USER + "]")))));
        words(cases);
        bounds(cases);
        equalRequests(cases);
        cases.needs(Need.MESSAGES);
        format(cases);
        thinking(cases);
        return cases.cases();
    }

    private static void words(CaseList cases) {
        cases.sentence("400 that names the field")
                .add(
                        "messages/names-the-member",
                        2,
                        s -> refusesBoth(
                                s, "messages[1].role", "[" + USER + ",{\"role\":\"tool\",\"content\":\"Hi\"}]"))
                .add(
                        "messages/last-is-users",
                        2,
                        s -> refusesBoth(s, "messages[1].role", "[" + USER + "," + ASSISTANT + "]"))
                .sentence("for an unknown field the nearest known name")
                .add("messages/suggests-the-member", 2, MessageCases::suggestsTheMember)
                .sentence("contents and stop are never repeated")
                .add("messages/is-not-repeated", 2, MessageCases::isNotRepeated)
                .sentence("null is the same as absent for every optional field")
                .add(
                        "messages/accepts-null-prompt-beside",
                        1,
                        s -> Expect.generated(s.send(s.post(
                                Session.ONCE, s.small().with("prompt", "null").with("messages", "[" + USER + "]")))));
    }

    private static void refusesBoth(Session s, String param, String messages) throws IOException {
        FieldRule.refusesOnBothRoutes(s, param, s.small().without("prompt").with("messages", messages));
    }

    private static void suggestsTheMember(Session s) throws IOException {
        Body body = s.small().without("prompt").with("messages", "[{\"Role\":\"user\",\"content\":\"Hi\"}]");
        String message = FieldRule.refusesOnBothRoutes(s, "messages[0].Role", body)
                .path("message")
                .asText();
        Expect.that(message.contains("did you mean role?"), "did you mean role?", message);
    }

    private static void isNotRepeated(Session s) throws IOException {
        String messages = "[{\"role\":\"user\",\"content\":\"" + MARK + "\\ud83d\"}]";
        Body body = s.small().without("prompt").with("messages", messages);
        String message = FieldRule.refusesOnBothRoutes(s, "messages[0].content", body)
                .path("message")
                .asText();
        Expect.that(!message.contains(MARK), "a message that does not repeat the content", message);
    }

    private static void bounds(CaseList cases) {
        String half = "{\"role\":\"user\",\"content\":\"" + "a".repeat(1_000_000) + "\"}";
        cases.sentence("2 000 000 code points together")
                .add(
                        "messages/refuses-too-many-code-points",
                        2,
                        s -> refusesBoth(s, "messages", "[" + half + "," + half + "," + USER + "]"))
                .sentence("a prompt that alone does not fit is 400 (param: prompt or messages)")
                .add("messages/does-not-fit", 3, MessageCases::doesNotFit);
    }

    private static void doesNotFit(Session s) throws IOException {
        Model small = Models.withSmallContext(s);
        String turn = "{\"role\":\"user\",\"content\":\"" + "Hi there. ".repeat(small.contextTokens()) + "\"}";
        refusesBoth(s, "messages", "[" + turn + "," + turn + "]", small);
    }

    private static void refusesBoth(Session s, String param, String messages, Model model) throws IOException {
        Body body = s.small().without("prompt").with("messages", messages).model(model.name());
        FieldRule.refusesOnBothRoutes(s, param, body);
    }

    private static void equalRequests(CaseList cases) {
        cases.needs(Need.MESSAGES, Need.RESUME)
                .sentence(
                        "prompt: \"x\" equals messages: [{\"role\":\"user\",\"content\":\"x\"}], also for idempotency")
                .add("messages/equals-a-prompt", 2, MessageCases::equalsAPrompt)
                .add("messages/role-is-not-equal", 2, MessageCases::roleIsNotEqual);
    }

    private static void equalsAPrompt(Session s) throws IOException {
        String key = s.unique();
        String id = Expect.generated(resumable(s, s.small().with("prompt", "\"Hi\""), key))
                .path("id")
                .asText();
        Body same = s.small().without("prompt").with("messages", "[" + USER + "]");
        Expect.equal(
                "id", id, Expect.generated(resumable(s, same, key)).path("id").asText());
    }

    private static void roleIsNotEqual(Session s) throws IOException {
        String key = s.unique();
        Body body = s.small().without("prompt");
        Expect.generated(resumable(s, body.with("messages", "[" + SYSTEM + "," + USER + "]"), key));
        Body other = body.with("messages", "[" + SYSTEM.replace("system", "user") + "," + USER + "]");
        Expect.refusal(409, "conflict_error", resumable(s, other, key));
    }

    private static Answer resumable(Session s, Body body, String key) throws IOException {
        return s.send(s.post(Session.ONCE, body).header(Resumable.KEY, key));
    }

    private static Answer once(Session s, String messages) throws IOException {
        Body body = s.small().without("prompt").with("messages", messages);
        return s.send(s.post(Session.ONCE, body));
    }

    private static void format(CaseList cases) {
        cases.needs(Need.RESPONSE_FORMAT)
                .sentence("responseFormat: {\"type\":\"text\"}, {\"type\":\"json\"} or with a schema");
        for (String[] row : FORMATS_REFUSED) {
            cases.add("responseFormat/refuses-" + row[0], 2, s -> refuses(s, "responseFormat", row[1]));
        }
        cases.sentence("depth over 8 (64 within responseFormat.schema)")
                .add(
                        "responseFormat/refuses-depth-65",
                        2,
                        s -> Expect.refusal(
                                400,
                                "invalid_request_error",
                                s.send(s.post(
                                        Session.ONCE,
                                        s.small()
                                                .with(
                                                        "responseFormat",
                                                        "{\"type\":\"json\",\"schema\":" + "{\"not\":".repeat(70) + "{}"
                                                                + "}".repeat(70) + "}")))));
    }

    private static void thinking(CaseList cases) {
        cases.needs(Need.THINKING)
                .sentence("thinking: boolean")
                .add(
                        "thinking/null-is-absent",
                        1,
                        s -> Expect.generated(
                                s.send(s.post(Session.ONCE, s.small().with("thinking", "null")))))
                .add("thinking/refuses-string", 2, s -> refuses(s, "thinking", "\"true\""))
                .add("thinking/refuses-number", 2, s -> refuses(s, "thinking", "1"))
                .add("thinking/refuses-array", 2, s -> refuses(s, "thinking", "[]"))
                .add("thinking/refuses-object", 2, s -> refuses(s, "thinking", "{}"));
    }

    private static void refuses(Session s, String field, String json) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.small().with(field, json)));
        String param = Expect.refusal(400, "invalid_request_error", answer)
                .path("param")
                .asText();
        Expect.that(param.startsWith(field), "error.param " + field, param);
    }
}
