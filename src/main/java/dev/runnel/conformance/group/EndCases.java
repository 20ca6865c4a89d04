package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.util.List;

/** How a stream ends whose generation fails, and what a single answer is then. */
final class EndCases {

    private static final String AFTER_200 = "After 200, an error is the terminal event";
    private static final String ERROR_END = "one error event, after which the body ends without [DONE]";

    private EndCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("failure");
        cases.needs(Need.FAILING);
        stream(cases, "in-the-text", ModelRole.FAILING);
        cases.sentence(AFTER_200)
                .add("in-the-text/has-text-before", 1, EndCases::hasTextBefore)
                .sentence("502 and 504 are statuses of POST /v1/generate only")
                .add("in-the-text/once-is-an-error", 1, s -> onceIsError(s, ModelRole.FAILING))
                .add("in-the-text/once-has-no-text", 1, EndCases::onceHasNoText);
        cases.needs(Need.DEAD);
        stream(cases, "before-the-text", ModelRole.DEAD);
        cases.sentence(AFTER_200)
                .add("before-the-text/once-is-an-error", 1, s -> onceIsError(s, ModelRole.DEAD))
                .sentence("a failed generation leaves the service as it was")
                .add("before-the-text/next-one-works", 2, EndCases::nextOneWorks);
        return cases.cases();
    }

    private static void stream(CaseList cases, String name, ModelRole role) {
        cases.sentence(ERROR_END)
                .add(name + "/ends-with-error", 1, s -> errorOf(failed(s, role)))
                .add(name + "/one-terminal-event", 1, s -> StreamRules.oneTerminalEvent(failed(s, role)))
                .add(name + "/no-done", 1, s -> StreamRules.doneOnce(failed(s, role)))
                .add(name + "/nothing-follows", 1, s -> StreamRules.nothingFollows(failed(s, role)))
                .sentence(StreamRules.SUM)
                .add(name + "/sum", 1, s -> StreamRules.textIsTheSum(failed(s, role)))
                .sentence(StreamRules.LINES)
                .add(name + "/kinds-of-lines", 1, s -> StreamRules.onlyPermittedLines(failed(s, role)))
                .add(name + "/blank-lines", 1, s -> StreamRules.blankLineAfterEachEvent(failed(s, role)))
                .sentence(StreamRules.CHUNK)
                .add(name + "/one-chunk", 1, s -> StreamRules.eventIsOneChunk(failed(s, role)))
                .sentence("A message says what to do; never a stack trace, a class name, a file path, a key")
                .add(
                        name + "/message",
                        1,
                        s -> Expect.doesNotLeak(
                                errorOf(failed(s, role)).path("message").asText()));
    }

    private static Streamed failed(Session s, ModelRole role) throws IOException {
        return s.keep(
                "failed " + role, Streamed.class, () -> Streamed.of(s.send(s.post(Session.STREAM, s.story(role)))));
    }

    private static JsonNode errorOf(Streamed stream) {
        JsonNode error = stream.last().path("error");
        Expect.that(
                error.isObject(),
                "an error event as the last one",
                stream.lines().payloads());
        Expect.that(
                List.of("api_error", "timeout_error", "overloaded_error")
                        .contains(error.path("type").asText()),
                "error.type api_error, timeout_error or overloaded_error",
                error);
        return error;
    }

    private static void hasTextBefore(Session s) throws IOException {
        Streamed stream = failed(s, ModelRole.FAILING);
        Expect.that(
                !stream.text().isEmpty(),
                "text before the error",
                stream.lines().payloads());
    }

    private static void onceIsError(Session s, ModelRole role) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.story(role)));
        Expect.that(
                List.of(500, 502, 503, 504).contains(answer.status()),
                "status 500, 502, 503 or 504",
                Expect.shown(answer));
        Expect.that(answer.error().path("type").isTextual(), "an error with a type", answer.body());
    }

    private static void onceHasNoText(Session s) throws IOException {
        JsonNode body = s.send(s.post(Session.ONCE, s.story(ModelRole.FAILING))).json();
        Expect.that(!body.has("text") && !body.has("finishReason"), "an error alone", body);
    }

    private static void nextOneWorks(Session s) throws IOException {
        s.send(s.post(Session.ONCE, s.story(ModelRole.DEAD)));
        Expect.generated(s.send(s.post(Session.ONCE, s.small())));
    }
}
