package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.group.Resumable.Finished;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.List;

/** The states of a resumable generation, and which callers see them. */
final class ResumeStateCases {

    private static final String STATE = "GET /v1/generate/{id}: finishReason and usage, or error, once it is over;"
            + " plus text for a resumable one";

    private ResumeStateCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("resume");
        states(cases);
        callers(cases);
        return cases.cases();
    }

    private static String id(Head head) {
        Expect.equal("status", 200, head.status());
        return head.header("X-Generation-Id").orElse("");
    }

    private static JsonNode state(Session s, String id) throws IOException {
        Answer answer = s.send(Resumable.state(s, id));
        Expect.status(200, answer);
        return answer.json();
    }

    private static void states(CaseList cases) {
        cases.needs(Need.RESUME, Need.BY_ID)
                .sentence(STATE)
                .add("state/finished", 2, ResumeStateCases::finishedState)
                .sentence("?includeText=false as in the body, else as the POST had asked")
                .add("state/attach-without-text", 2, ResumeStateCases::attachesWithoutText)
                .add("state/attach-as-the-post-asked", 2, ResumeStateCases::attachesAsPost)
                .needs(Need.RESUME, Need.BY_ID, Need.SLOW)
                .add("state/running-has-text", 3, ResumeStateCases::runningState)
                .add("state/cancelled", 4, ResumeStateCases::cancelledState)
                .needs(Need.RESUME, Need.BY_ID, Need.SILENT)
                .add("state/before-the-first-token", 4, ResumeStateCases::silentState)
                .needs(Need.RESUME, Need.BY_ID, Need.FAILING)
                .sentence("GET by the old id reports the failure for the retention time")
                .add("state/failed", 2, ResumeStateCases::failedState)
                .sentence("then the end as the first reader had it: … or the error event")
                .add("state/failed-attach", 2, ResumeStateCases::attachesToFailed);
    }

    private static void finishedState(Session s) throws IOException {
        Finished finished = Resumable.finished(s);
        JsonNode state = state(s, finished.id());
        Expect.equal("status", "finished", state.path("status").asText());
        Expect.equal("bytes", finished.bytes().length, state.path("bytes").asInt());
        Expect.equal("text", finished.stream().text(), state.path("text").asText());
        Expect.equal(
                "finishReason",
                finished.stream().finishReason(),
                state.path("finishReason").asText());
        Expect.equal("usage", finished.stream().last().path("usage"), state.path("usage"));
    }

    private static void attachesWithoutText(Session s) throws IOException {
        Streamed stream = Streamed.of(
                        s.send(s.get("/v1/generate/" + Resumable.finished(s).id() + "/stream?includeText=false")))
                .finished();
        Expect.that(stream.events().stream().noneMatch(event -> event.has("text")), "no member text", stream.events());
    }

    private static void attachesAsPost(Session s) throws IOException {
        Finished without = Resumable.fresh(s, s.small().with("includeText", "false"));
        Streamed stream = Streamed.of(s.send(Resumable.attach(s, without.id()))).finished();
        Expect.that(stream.events().stream().noneMatch(event -> event.has("text")), "no member text", stream.events());
    }

    private static void runningState(Session s) throws IOException {
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, Resumable.slow(s, 2000), s.unique()))) {
            String id = id(wire.head());
            wire.part();
            JsonNode state = state(s, id);
            s.send(Resumable.delete(s, id));
            Expect.equal("status", "running", state.path("status").asText());
            Expect.that(!state.path("text").asText().isEmpty(), "the text so far", state);
            Expect.equal(
                    "bytes",
                    Resumable.bytes(state.path("text").asText()),
                    state.path("bytes").asInt());
        }
    }

    private static void cancelledState(Session s) throws IOException {
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, Resumable.slow(s, 2000), s.unique()))) {
            Head head = wire.head();
            String id = id(head);
            s.send(Resumable.delete(s, id));
            wire.rest(head);
            Expect.equal(
                    "finishReason",
                    "cancelled",
                    state(s, id).path("finishReason").asText());
            Expect.status(204, s.send(Resumable.delete(s, id)));
        }
    }

    private static void silentState(Session s) throws IOException {
        Body body = s.story(ModelRole.SILENT);
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, body, s.unique()))) {
            String id = id(wire.head());
            try (Wire second = s.open(Resumable.attach(s, id))) {
                Expect.equal("status of an attaching reader", 200, second.head().status());
                String status = state(s, id).path("status").asText();
                s.send(Resumable.delete(s, id));
                Expect.that(List.of("waiting", "running").contains(status), "status waiting or running", status);
            }
        }
    }

    private static Streamed failed(Session s) throws IOException {
        return s.keep(
                "failed resumable",
                Streamed.class,
                () -> Streamed.of(s.send(Resumable.post(s, Session.STREAM, s.story(ModelRole.FAILING), s.unique()))));
    }

    private static void failedState(Session s) throws IOException {
        JsonNode state = state(s, failed(s).id());
        Expect.equal("status", "failed", state.path("status").asText());
        Expect.that(state.path("error").path("type").isTextual(), "error with its type", state);
    }

    private static void attachesToFailed(Session s) throws IOException {
        Streamed again = Streamed.of(s.send(Resumable.attach(s, failed(s).id())));
        Expect.equal("the last event", failed(s).last(), again.last());
        Expect.equal("the text", failed(s).text(), again.text());
        StreamRules.doneOnce(again);
    }

    private static void callers(CaseList cases) {
        cases.needs(Need.RESUME, Need.BY_ID, Need.OTHER_KEY)
                .sentence("Everybody else gets 404 with the same message as for an id that never existed")
                .add(
                        "caller/other-cannot-read",
                        2,
                        s -> unknown(s, Resumable.state(s, Resumable.finished(s).id())))
                .add(
                        "caller/other-cannot-attach",
                        2,
                        s -> unknown(
                                s, Resumable.attach(s, Resumable.finished(s).id())))
                .add(
                        "caller/other-cannot-delete",
                        2,
                        s -> unknown(
                                s, Resumable.delete(s, Resumable.finished(s).id())))
                .needs(Need.RESUME, Need.BY_ID, Need.SECOND_KEY)
                .sentence("Every key of the same caller may read it (scope observe)")
                .add(
                        "caller/second-key-reads",
                        2,
                        s -> Expect.status(
                                200,
                                s.send(Resumable.by(
                                        s,
                                        KeyRole.SECOND,
                                        Resumable.state(s, Resumable.finished(s).id())))))
                .add(
                        "caller/second-key-attaches",
                        2,
                        s -> Streamed.of(s.send(Resumable.by(
                                        s,
                                        KeyRole.SECOND,
                                        Resumable.attach(
                                                s, Resumable.finished(s).id()))))
                                .finished());
    }

    private static void unknown(Session s, Request request) throws IOException {
        Expect.refusal(404, "not_found_error", s.send(Resumable.by(s, KeyRole.OTHER, request)));
    }
}
