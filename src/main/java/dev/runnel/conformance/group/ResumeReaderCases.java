package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.group.Resumable.Event;
import dev.runnel.conformance.group.Resumable.Finished;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.EventLines;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Readers that leave and return, and the states of a resumable generation. */
final class ResumeReaderCases {

    private static final String RUNS_ON = "While no reader is attached the generation runs on for the grace time";
    private static final String NO_BYTE = "the first event's delta is everything after byte n …, then live events";
    private static final String READERS = "Up to 8 readers at once, each at its own place; one more is 429 readers";
    private static final String STATE = "GET /v1/generate/{id}: finishReason and usage, or error, once it is over;"
            + " plus text for a resumable one";
    private static final int TOKENS = 40;
    private static final int MOST_READERS = 20;

    private ResumeReaderCases() {}

    private interface Leaving {
        void leave(Wire wire) throws IOException;
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("resume");
        readers(cases);
        states(cases);
        callers(cases);
        return cases.cases();
    }

    private static void readers(CaseList cases) {
        cases.needs(Need.RESUME, Need.BY_ID, Need.SLOW)
                .sentence(RUNS_ON)
                .add("reader/close-and-return", 3, s -> returns(s, Wire::close, true))
                .add("reader/reset-and-return", 3, s -> returns(s, Wire::reset, true))
                .add("reader/close-and-return-by-key", 3, s -> returns(s, Wire::close, false))
                .sentence("A client that returns while its old connection still looks alive is one more reader")
                .add("reader/return-while-old-connection-lives", 3, s -> returns(s, wire -> {}, true))
                .add("reader/return-by-key-while-old-connection-lives", 3, s -> returns(s, wire -> {}, false))
                .sentence(NO_BYTE)
                .add("reader/two-have-the-same-text", 3, ResumeReaderCases::twoReaders)
                .add("reader/many-returns", MOST_READERS, ResumeReaderCases::manyReturns)
                .sentence(READERS)
                .add("reader/one-too-many", MOST_READERS, ResumeReaderCases::oneTooMany)
                .sentence("cancels a running generation (open streams end with finishReason: cancelled)")
                .add("reader/delete-ends-all", 4, ResumeReaderCases::deleteEndsAll)
                .needs(Need.RESUME, Need.BY_ID, Need.SLOW, Need.PLAIN)
                .sentence(RUNS_ON)
                .add("reader/half-close-and-return", 3, s -> returns(s, Wire::halfClose, true));
    }

    private static Body body(Session s) {
        return Resumable.slow(s, TOKENS);
    }

    private static String id(Head head) {
        Expect.equal("status", 200, head.status());
        return head.header("X-Generation-Id").orElse("");
    }

    /** Reads some events, leaves, returns with the last cursor; nothing is lost and nothing comes twice. */
    private static void returns(Session s, Leaving leaving, boolean isById) throws IOException {
        String key = s.unique();
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, body(s), key))) {
            String id = id(wire.head());
            List<Event> seen = some(wire);
            leaving.leave(wire);
            String cursor = seen.get(seen.size() - 1).id().orElse("none");
            Streamed rest = Streamed.of(s.send(Resumable.from(
                    isById ? Resumable.attach(s, id) : Resumable.post(s, Session.STREAM, body(s), key), cursor)));
            expectWhole(s, id, text(seen) + rest.finished().text());
        }
    }

    /** The first events of a stream. */
    private static List<Event> some(Wire wire) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            wire.part().ifPresent(bytes::writeBytes);
        }
        EventLines lines = EventLines.of(bytes.toByteArray());
        Answer answer = new Answer(new Head(200, List.of()), List.of(bytes.toByteArray()), false);
        List<Event> events = Resumable.events(new Streamed(
                answer, lines, lines.documents().stream().map(Json::parse).toList()));
        Expect.that(!events.isEmpty(), "events", lines.lines());
        return events;
    }

    private static String text(List<Event> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.document().path("delta").asText()));
        return text.toString();
    }

    private static void expectWhole(Session s, String id, String text) throws IOException {
        JsonNode state = state(s, id);
        Expect.equal("status", "finished", state.path("status").asText());
        Expect.equal("the joined deltas", state.path("text").asText(), text);
    }

    private static JsonNode state(Session s, String id) throws IOException {
        Answer answer = s.send(Resumable.state(s, id));
        Expect.status(200, answer);
        return answer.json();
    }

    private static void twoReaders(Session s) throws IOException {
        try (Wire first = s.open(Resumable.post(s, Session.STREAM, body(s), s.unique()))) {
            Head head = first.head();
            String id = id(head);
            try (Wire second = s.open(Resumable.attach(s, id))) {
                String one = Streamed.of(first.rest(head)).finished().text();
                String two = Streamed.of(second.answer()).finished().text();
                Expect.equal("the text of the second reader", one, two);
                expectWhole(s, id, two);
            }
        }
    }

    private static void manyReturns(Session s) throws IOException {
        StringBuilder joined = new StringBuilder();
        String cursor;
        String id;
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, body(s), s.unique()))) {
            id = id(wire.head());
            List<Event> seen = some(wire);
            joined.append(text(seen));
            cursor = seen.get(seen.size() - 1).id().orElse("none");
        }
        for (int i = 0; i < 8; i++) {
            try (Wire wire = s.open(Resumable.from(Resumable.attach(s, id), cursor))) {
                wire.head();
                List<Event> seen = some(wire);
                joined.append(text(seen));
                cursor = seen.get(seen.size() - 1).id().orElse("none");
            }
        }
        Streamed rest = Streamed.of(s.send(Resumable.from(Resumable.attach(s, id), cursor)));
        expectWhole(s, id, joined + rest.finished().text());
    }

    private static void oneTooMany(Session s) throws IOException {
        List<Wire> open = new ArrayList<>();
        try {
            Wire first = s.open(Resumable.post(s, Session.STREAM, Resumable.slow(s, 2000), s.unique()));
            open.add(first);
            String id = id(first.head());
            for (int i = 1; i < MOST_READERS - 1; i++) {
                Wire wire = s.open(Resumable.attach(s, id));
                open.add(wire);
                Head head = wire.head();
                if (head.status() != 200) {
                    JsonNode error = Expect.refusal(429, "rate_limit_error", wire.rest(head));
                    Expect.equal("error.code", "readers", error.path("code").asText());
                    Expect.that(i >= 2, "two readers and more", i);
                    return;
                }
            }
        } finally {
            for (Wire wire : open) {
                wire.close();
            }
        }
        throw NotRun.inform("more than " + (MOST_READERS - 2) + " readers are accepted");
    }

    private static void deleteEndsAll(Session s) throws IOException {
        Body body = Resumable.slow(s, 2000);
        try (Wire first = s.open(Resumable.post(s, Session.STREAM, body, s.unique()))) {
            Head head = first.head();
            String id = id(head);
            try (Wire second = s.open(Resumable.attach(s, id))) {
                Head other = second.head();
                Expect.status(204, s.send(Resumable.delete(s, id)));
                Expect.equal(
                        "finishReason",
                        "cancelled",
                        Streamed.of(first.rest(head)).finishReason());
                Expect.equal(
                        "finishReason",
                        "cancelled",
                        Streamed.of(second.rest(other)).finishReason());
            }
        }
    }

    private static void states(CaseList cases) {
        cases.needs(Need.RESUME, Need.BY_ID)
                .sentence(STATE)
                .add("state/finished", 2, ResumeReaderCases::finishedState)
                .sentence("?includeText=false as in the body, else as the POST had asked")
                .add("state/attach-without-text", 2, ResumeReaderCases::attachesWithoutText)
                .add("state/attach-as-the-post-asked", 2, ResumeReaderCases::attachesAsPost)
                .needs(Need.RESUME, Need.BY_ID, Need.SLOW)
                .add("state/running-has-text", 3, ResumeReaderCases::runningState)
                .add("state/cancelled", 4, ResumeReaderCases::cancelledState)
                .needs(Need.RESUME, Need.BY_ID, Need.SILENT)
                .add("state/before-the-first-token", 4, ResumeReaderCases::silentState)
                .needs(Need.RESUME, Need.BY_ID, Need.FAILING)
                .sentence("GET by the old id reports the failure for the retention time")
                .add("state/failed", 2, ResumeReaderCases::failedState)
                .sentence("then the end as the first reader had it: … or the error event")
                .add("state/failed-attach", 2, ResumeReaderCases::attachesToFailed);
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
            some(wire);
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
