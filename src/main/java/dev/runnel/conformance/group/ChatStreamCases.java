package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import java.io.IOException;
import java.util.List;

/** The streams of {@code POST /v1/chat/completions}. */
final class ChatStreamCases {

    private static final List<String> HEAD = List.of("id", "object", "created", "model");

    private ChatStreamCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("chat/stream").needs(Need.OPENAI);
        return cases.sentence("Every chunk has the same id, object, created and model")
                .add("heads-are-equal", 1, s -> headsAreEqual(plain(s)))
                .sentence("Exactly one role chunk, first")
                .add("role-first-and-once", 1, s -> roleIsFirstAndOnce(plain(s)))
                .sentence("A text chunk's delta has content and nothing else, never empty")
                .add("text-is-not-empty", 1, s -> textIsNotEmpty(plain(s)))
                .sentence("Exactly one finish chunk, with an empty delta")
                .add("one-finish", 1, s -> oneFinish(plain(s)))
                .sentence("The usage chunk, with empty choices, only where include_usage asked for it;"
                        + " no other chunk has a usage member")
                .add("no-usage-unasked", 1, s -> noUsage(plain(s).events()))
                .add("usage-where-asked", 1, ChatStreamCases::usageWhereAsked)
                .sentence("data: [DONE] last, after a finish chunk and never otherwise")
                .add("done-last", 1, s -> doneIsLast(plain(s)))
                .needs(Need.OPENAI, Need.FAILING)
                .sentence("After 200, an error is one named event, after which the body ends without finish chunk and"
                        + " without [DONE]")
                .add("error-is-a-named-event", 1, ChatStreamCases::errorIsANamedEvent)
                .cases();
    }

    private static Streamed send(Session s, Body body) throws IOException {
        return Streamed.of(s.send(s.post(ChatCases.ROUTE, body.with("stream", "true"))));
    }

    /** One stream for all cases that only look at it. */
    private static Streamed plain(Session s) throws IOException {
        return s.keep("chat-stream", Streamed.class, () -> send(s, ChatCases.body(s)));
    }

    private static JsonNode choice(JsonNode chunk) {
        return chunk.path("choices").path(0);
    }

    private static boolean isFinish(JsonNode chunk) {
        return choice(chunk).path("finish_reason").isTextual();
    }

    private static void headsAreEqual(Streamed stream) {
        for (JsonNode chunk : stream.events()) {
            for (String member : HEAD) {
                Expect.that(chunk.has(member), "the members " + HEAD, chunk);
                Expect.equal(member, stream.events().get(0).path(member), chunk.path(member));
            }
            Expect.equal("object", "chat.completion.chunk", chunk.path("object").asText());
        }
        Expect.equal("id", stream.id(), stream.last().path("id").asText());
    }

    private static void roleIsFirstAndOnce(Streamed stream) {
        for (int i = 0; i < stream.events().size(); i++) {
            JsonNode chunk = stream.events().get(i);
            Expect.that(choice(chunk).path("delta").has("role") == (i == 0), "a role in the first chunk only", chunk);
        }
    }

    private static void textIsNotEmpty(Streamed stream) {
        int texts = 0;
        for (JsonNode chunk : stream.events()) {
            JsonNode delta = choice(chunk).path("delta");
            if (delta.has("content") && !delta.has("role")) {
                texts++;
                Expect.equal("the number of members of a text's delta", 1, delta.size());
                Expect.that(!delta.path("content").asText().isEmpty(), "content, not empty", chunk);
            }
        }
        Expect.that(texts > 0, "a chunk with text", stream.events());
    }

    private static void oneFinish(Streamed stream) {
        List<JsonNode> finishes =
                stream.events().stream().filter(ChatStreamCases::isFinish).toList();
        Expect.equal("the number of finish chunks", 1, finishes.size());
        Expect.equal(
                "the size of its delta",
                0,
                choice(finishes.get(0)).path("delta").size());
        Expect.that(isFinish(stream.last()), "the finish as the last chunk", stream.last());
    }

    private static void noUsage(List<JsonNode> chunks) {
        for (JsonNode chunk : chunks) {
            Expect.that(!chunk.has("usage"), "a chunk without usage", chunk);
        }
    }

    private static void usageWhereAsked(Session s) throws IOException {
        Streamed stream = send(s, ChatCases.body(s).with("stream_options", "{\"include_usage\":true}"));
        int last = stream.events().size() - 1;
        noUsage(stream.events().subList(0, Math.max(0, last)));
        Expect.that(
                stream.last().path("choices").isArray()
                        && stream.last().path("choices").isEmpty(),
                "empty choices beside the usage",
                stream.last());
        ChatCases.usage(stream.last().path("usage"));
    }

    private static void doneIsLast(Streamed stream) {
        Expect.that(
                stream.lines().endsWithDone(),
                "data: [DONE] as the last line",
                stream.lines().payloads());
        Expect.equal("the number of [DONE]", 1L, stream.lines().doneCount());
    }

    private static void errorIsANamedEvent(Session s) throws IOException {
        Streamed stream = send(s, ChatCases.body(s, ModelRole.FAILING));
        JsonNode error = stream.last().path("error");
        Expect.that(error.isObject(), "an error as the last event", stream.last());
        ChatCases.hasFourMembers(error);
        List<String> lines = stream.lines().lines();
        int data = lines.size() - 1;
        while (data > 0 && !lines.get(data).startsWith("data: ")) {
            data--;
        }
        Expect.that(data > 0 && lines.get(data - 1).equals("event: error"), "the line event: error before it", lines);
        Expect.equal("the number of [DONE]", 0L, stream.lines().doneCount());
        Expect.that(stream.events().stream().noneMatch(ChatStreamCases::isFinish), "no finish chunk", lines);
    }
}
