package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.group.Resumable.Event;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.EventLines;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Readers that leave and return. */
final class ResumeReaderCases {

    private static final String RUNS_ON = "While no reader is attached the generation runs on for the grace time";
    private static final String NO_BYTE = "the first event's delta is everything after byte n …, then live events";
    private static final String READERS = "Up to 8 readers at once, each at its own place; one more is 429 readers";
    private static final int TOKENS = 40;
    private static final int MAX_READERS = 20;

    private ResumeReaderCases() {}

    private interface Leaving {
        void leave(Wire wire) throws IOException;
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("resume");
        readers(cases);
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
                .add("reader/many-returns", MAX_READERS, ResumeReaderCases::manyReturns)
                .sentence(READERS)
                .add("reader/one-too-many", MAX_READERS, ResumeReaderCases::oneTooMany)
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
            for (int i = 1; i < MAX_READERS - 1; i++) {
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
        throw NotRun.inform("more than " + (MAX_READERS - 2) + " readers are accepted");
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
}
