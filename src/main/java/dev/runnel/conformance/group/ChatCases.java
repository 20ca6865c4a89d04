package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code POST /v1/chat/completions}: requests, whole answers and refusals. */
final class ChatCases {

    static final String ROUTE = "/v1/chat/completions";

    private static final String MESSAGES =
            "[{\"role\":\"developer\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Tell me a story.\"}]";

    private static final String TOOLS =
            "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]";

    private ChatCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("chat/whole").needs(Need.OPENAI);
        cases.sentence("{\"id\",\"object\":\"chat.completion\",\"created\",\"model\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\",\"refusal\":null},\"logprobs\":null,"
                        + "\"finish_reason\"}],\"usage\"}")
                .add("members", 1, ChatCases::members)
                .add("usage-adds-up", 1, s -> usage(answer(s, body(s)).path("usage")))
                .sentence("id is that of X-Generation-Id")
                .add("id-of-the-header", 1, ChatCases::idIsThatOfTheHeader);
        return Stream.of(cases.cases(), requests(), refusals())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> requests() {
        CaseList cases = CaseList.of("chat/request").needs(Need.OPENAI);
        return cases.sentence("Names that are not in these tables are ignored, however deep they nest")
                .add(
                        "unknown-members-are-ignored",
                        1,
                        s -> answer(s, body(s).with("no_such_member", "{\"a\":[{\"b\":[1]}]}")))
                .sentence("tools with tool_choice absent, \"auto\" or \"none\" is taken by every model")
                .add("tools-may-be-offered", 1, s -> answer(s, body(s).with("tools", TOOLS)))
                .sentence("null is the same as absent, for every member")
                .add(
                        "null-is-absent",
                        1,
                        s -> answer(s, body(s).with("n", "null").with("stop", "null")))
                .cases();
    }

    private static List<Case> refusals() {
        CaseList cases = CaseList.of("chat/refusal").needs(Need.OPENAI);
        return cases.sentence("All four members, always: message, type, param, code")
                .add("has-four-members", 1, s -> unknownModel(s, "false"))
                .sentence("Always application/json where nothing was streamed yet, also with \"stream\": true")
                .add("of-a-stream-is-json", 1, s -> unknownModel(s, "true"))
                .sentence("what would make the answer mean something else (n: 2, …) is 400 code: unsupported_value,"
                        + " with param")
                .add("of-another-meaning", 1, ChatCases::refusesAnotherMeaning)
                .cases();
    }

    /** A request for some tokens. */
    static Body body(Session s) {
        return body(s, ModelRole.TEXT);
    }

    static Body body(Session s, ModelRole role) {
        return s.with(role, new Body(Map.of()).with("messages", MESSAGES).with("max_tokens", "16"));
    }

    private static JsonNode answer(Session s, Body body) throws IOException {
        Answer answer = s.send(s.post(ROUTE, body));
        Expect.status(200, answer);
        return answer.json();
    }

    private static void members(Session s) throws IOException {
        JsonNode answer = answer(s, body(s));
        Expect.equal("object", "chat.completion", answer.path("object").asText());
        Expect.that(answer.path("created").isIntegralNumber(), "created, a whole number", answer);
        Expect.that(!answer.path("model").asText().isEmpty(), "model, not empty", answer);
        Expect.equal("the number of choices", 1, answer.path("choices").size());
        JsonNode choice = answer.path("choices").path(0);
        Expect.equal("index", 0, choice.path("index").asInt(-1));
        Expect.equal("role", "assistant", choice.path("message").path("role").asText());
        Expect.that(!choice.path("message").path("content").asText().isEmpty(), "message.content, not empty", choice);
        Expect.that(choice.has("logprobs") && choice.path("logprobs").isNull(), "logprobs: null", choice);
        Expect.that(
                List.of("stop", "length", "content_filter")
                        .contains(choice.path("finish_reason").asText()),
                "finish_reason stop, length or content_filter",
                choice);
    }

    /** The usage of a whole answer or of a chunk. */
    static void usage(JsonNode usage) {
        int prompt = usage.path("prompt_tokens").asInt(-1);
        int completion = usage.path("completion_tokens").asInt(-1);
        Expect.that(prompt >= 0 && completion >= 0, "prompt_tokens and completion_tokens", usage);
        Expect.equal(
                "total_tokens", prompt + completion, usage.path("total_tokens").asInt(-1));
    }

    private static void idIsThatOfTheHeader(Session s) throws IOException {
        Answer answer = s.send(s.post(ROUTE, body(s)));
        Expect.status(200, answer);
        Expect.equal(
                "id",
                answer.headerOrEmpty("X-Generation-Id"),
                answer.json().path("id").asText());
    }

    private static void unknownModel(Session s, String isStreamed) throws IOException {
        Answer answer = s.send(s.post(ROUTE, body(s).model("no-such-model").with("stream", isStreamed)));
        Expect.that(
                answer.headerOrEmpty("Content-Type").startsWith("application/json"),
                "Content-Type: application/json",
                answer.headerOrEmpty("Content-Type"));
        JsonNode error = Expect.refusal(404, "not_found_error", answer);
        hasFourMembers(error);
        Expect.equal("error.param", "model", error.path("param").asText());
        Expect.equal("error.code", "model_not_found", error.path("code").asText());
    }

    static void hasFourMembers(JsonNode error) {
        for (String member : List.of("message", "type", "param", "code")) {
            Expect.that(error.has(member), "the members message, type, param and code", error);
        }
    }

    private static void refusesAnotherMeaning(Session s) throws IOException {
        Answer answer = s.send(s.post(ROUTE, body(s).with("n", "2")));
        JsonNode error = Expect.invalid("n", answer);
        Expect.equal("error.code", "unsupported_value", error.path("code").asText());
    }
}
