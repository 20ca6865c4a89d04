package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Plain generations by their id, while they run. */
final class ByIdCases {

    private static final String CANCELS =
            "cancels a running generation (open streams end with finishReason: cancelled)";
    private static final String OTHERS =
            "Everybody else gets 404 with the same message as for an id that never existed";
    private static final String NO_ID = "gen_00000000000000000000000000";

    private ByIdCases() {}

    private interface Act {
        void on(Session s, Wire wire, String id) throws IOException;
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("by-id").needs(Need.BY_ID, Need.SLOW);
        cases.sentence(CANCELS)
                .add("delete/ends-the-stream", 2, s -> running(s, ByIdCases::deleteEnds))
                .add("delete/is-204", 2, s -> running(s, (t, wire, id) -> Expect.status(204, delete(t, id))))
                .sentence("204, also when repeated or racing the end, for as long as the id would have been known;"
                        + " else 404")
                .add("delete/repeated", 3, s -> running(s, ByIdCases::deleteTwice))
                .sentence("\"status\":\"waiting\"|\"running\"|\"finished\"|\"failed\",\"model\",\"bytes\"")
                .add("get/running", 2, s -> running(s, ByIdCases::getRunning))
                .add("get/has-no-text", 2, s -> running(s, ByIdCases::getHasNoText))
                .sentence("a generation that is not resumable: 409 not_resumable")
                .add("attach/not-resumable", 2, s -> running(s, ByIdCases::attachPlain));
        cases.needs(Need.BY_ID, Need.SLOW, Need.SECOND_KEY)
                .sentence("Every key of the same caller may read it (scope observe), cancel it")
                .add(
                        "second-key/reads",
                        2,
                        s -> running(s, (t, wire, id) -> Expect.status(200, get(t, KeyRole.SECOND, id))))
                .add(
                        "second-key/deletes",
                        2,
                        s -> running(s, (t, wire, id) -> Expect.status(204, as(t, "DELETE", KeyRole.SECOND, id))));
        cases.needs(Need.BY_ID, Need.SLOW, Need.OTHER_KEY)
                .sentence(OTHERS)
                .add("other-caller/cannot-read", 3, s -> running(s, (t, wire, id) -> isUnknown(t, "GET", id)))
                .add("other-caller/cannot-delete", 4, s -> running(s, ByIdCases::otherCannotDelete));
        cases.needs(Need.BY_ID)
                .sentence("not_found_error: 404: no such route, model or generation")
                .add("get/unknown", 1, s -> Expect.refusal(404, "not_found_error", get(s, KeyRole.MAIN, NO_ID)))
                .add("delete/unknown", 1, s -> Expect.refusal(404, "not_found_error", delete(s, NO_ID)))
                .add("get/not-an-id", 1, s -> Expect.refusal(404, "not_found_error", get(s, KeyRole.MAIN, "x")))
                .add(
                        "attach/unknown",
                        1,
                        s -> Expect.refusal(
                                404, "not_found_error", s.send(s.get("/v1/generate/" + NO_ID + "/stream"))));
        return cases.cases();
    }

    private static void running(Session s, Act act) throws IOException {
        Request request = s.post(Session.STREAM, s.story(ModelRole.SLOW).with("maxTokens", "2000"));
        try (Wire wire = s.open(request)) {
            Head head = wire.head();
            Expect.equal("status", 200, head.status());
            wire.part();
            act.on(s, wire, head.header("X-Generation-Id").orElse(""));
        }
    }

    private static Answer as(Session s, String method, KeyRole role, String id) throws IOException {
        return s.send(Request.of(method, "/v1/generate/" + id).key(s.key(role)));
    }

    private static Answer get(Session s, KeyRole role, String id) throws IOException {
        return as(s, "GET", role, id);
    }

    private static Answer delete(Session s, String id) throws IOException {
        return as(s, "DELETE", KeyRole.MAIN, id);
    }

    private static void deleteEnds(Session s, Wire wire, String id) throws IOException {
        Expect.status(204, delete(s, id));
        Streamed rest = Streamed.of(wire.rest(new Head(200, List.of())));
        Expect.equal("finishReason", "cancelled", rest.finishReason());
        Expect.that(
                rest.lines().endsWithDone(),
                "data: [DONE] as the last line",
                rest.lines().payloads());
    }

    private static void deleteTwice(Session s, Wire wire, String id) throws IOException {
        Expect.status(204, delete(s, id));
        Answer again = delete(s, id);
        Expect.that(again.status() == 204 || again.status() == 404, "status 204 or 404", Expect.shown(again));
    }

    private static void getRunning(Session s, Wire wire, String id) throws IOException {
        Answer answer = get(s, KeyRole.MAIN, id);
        Expect.status(200, answer);
        JsonNode state = answer.json();
        Expect.equal("id", id, state.path("id").asText());
        Expect.equal("status", "running", state.path("status").asText());
        Expect.that(state.path("model").isTextual(), "a member model", state);
        Expect.that(state.path("bytes").asInt(-1) > 0, "bytes, more than 0 after the first event", state);
    }

    private static void getHasNoText(Session s, Wire wire, String id) throws IOException {
        JsonNode state = get(s, KeyRole.MAIN, id).json();
        Expect.that(!state.has("text"), "no text of a generation that is not resumable", state);
    }

    private static void attachPlain(Session s, Wire wire, String id) throws IOException {
        Answer answer = s.send(s.get("/v1/generate/" + id + "/stream"));
        Expect.equal(
                "error.code",
                "not_resumable",
                Expect.refusal(409, "conflict_error", answer).path("code").asText());
    }

    private static void isUnknown(Session s, String method, String id) throws IOException {
        String foreign = message(as(s, method, KeyRole.OTHER, id)).replace(id, NO_ID);
        Expect.equal("the message", message(as(s, method, KeyRole.OTHER, NO_ID)), foreign);
    }

    private static String message(Answer answer) {
        return Expect.refusal(404, "not_found_error", answer).path("message").asText();
    }

    private static void otherCannotDelete(Session s, Wire wire, String id) throws IOException {
        isUnknown(s, "DELETE", id);
        JsonNode state = get(s, KeyRole.MAIN, id).json();
        Expect.equal("status", "running", state.path("status").asText());
    }
}
