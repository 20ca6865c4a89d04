package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.group.Resumable.Event;
import dev.runnel.conformance.group.Resumable.Finished;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.util.List;

/** Cursors: where a reader goes on. */
final class ResumeCursorCases {

    private static final String COUNTS = "id: n is the number of UTF-8 bytes of the text (not of its JSON form) up to"
            + " and including this event's delta; the finishing event repeats the last one";
    private static final String HAVE = "Text events and the finishing event have it; pings, errors and [DONE] do not";
    private static final String GOES_ON = "With Last-Event-ID: n, on GET and on an attaching POST alike, the first"
            + " event's delta is everything after byte n (no event if there is nothing), its text the whole";
    private static final String REFUSED = "Not a number, beyond the text, or inside a code point: 400";
    private static final int MAX_BYTES = 100;

    /** The name of a case, then the value of {@code Last-Event-ID}. */
    private static final String[][] BAD = {
        {"not-a-number", "abc"},
        {"negative", "-1"},
        {"plus", "+1"},
        {"fraction", "1.5"},
        {"continuation", "0.1"},
        {"exponent", "1e0"},
        {"hexadecimal", "0x1"},
        {"huge", "99999999999999999999"},
        {"two-numbers", "1, 2"}
    };

    private ResumeCursorCases() {}

    private interface AttachingRequest {
        Request to(Session s, Finished of);
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("resume/cursor").needs(Need.RESUME, Need.BY_ID);
        cases.sentence(COUNTS)
                .add("counts-bytes", 1, ResumeCursorCases::countsBytes)
                .add("finish-repeats-the-last", 1, ResumeCursorCases::finishRepeats)
                .sentence(HAVE)
                .add("on-every-text-event", 1, ResumeCursorCases::onEveryEvent)
                .add("not-on-done", 1, ResumeCursorCases::notOnDone)
                .sentence("id: … directly before its data: line, in the same write")
                .add("before-its-data-line", 1, s -> StreamRules.onlyPermittedLines(Resumable.finished(s).stream()))
                .add("in-the-same-chunk", 1, s -> StreamRules.eventIsOneChunk(Resumable.finished(s).stream()));
        attaching(cases, "get", (s, of) -> Resumable.attach(s, of.id()));
        attaching(cases, "post", (s, of) -> Resumable.post(s, Session.STREAM, of.body(), of.key()));
        cases.sentence("A POST with n over 0 whose key is not known (any more) is 409 diverged")
                .add("unknown-key-diverges", 1, ResumeCursorCases::unknownKeyDiverges)
                .sentence("Last-Event-ID on a POST without Idempotency-Key is 400")
                .add(
                        "without-key",
                        1,
                        s -> Expect.refusal(
                                400,
                                "invalid_request_error",
                                s.send(Resumable.from(s.post(Session.STREAM, s.small()), "0"))))
                .sentence("Without the header n is 0; a POST with n 0 and an unknown key starts")
                .add(
                        "zero-starts-a-new-one",
                        1,
                        s -> Streamed.of(s.send(
                                        Resumable.from(Resumable.post(s, Session.STREAM, s.small(), s.unique()), "0")))
                                .finished());
        return cases.cases();
    }

    /** Both ways to attach accept the same cursors. */
    private static void attaching(CaseList cases, String name, AttachingRequest attaching) {
        cases.sentence(GOES_ON)
                .add(name + "/every-boundary", MAX_BYTES, s -> everyBoundary(s, attaching))
                .add(name + "/zero", 2, s -> goesOn(s, attaching, 0))
                .add(name + "/without-header", 2, s -> withoutHeader(s, attaching))
                .add(name + "/at-the-end", 2, s -> atTheEnd(s, attaching))
                .sentence("then the end as the first reader had it: finishing event and [DONE]")
                .add(name + "/same-end", 2, s -> sameEnd(s, attaching))
                .sentence(REFUSED)
                .add(name + "/inside-code-point", MAX_BYTES, s -> insideCodePoint(s, attaching))
                .add(name + "/beyond", 2, s -> beyond(s, attaching));
        for (String[] row : BAD) {
            cases.add(name + "/" + row[0], 2, s -> refused(s, attaching, row[1]));
        }
    }

    private static void countsBytes(Session s) throws IOException {
        int bytes = 0;
        for (Event event : Resumable.events(Resumable.finished(s).stream())) {
            bytes += Resumable.bytes(event.document().path("delta").asText());
            Expect.equal("id", Integer.toString(bytes), event.id().orElse("none"));
        }
    }

    private static void finishRepeats(Session s) throws IOException {
        Finished finished = Resumable.finished(s);
        List<Event> events = Resumable.events(finished.stream());
        String last = events.get(events.size() - 1).id().orElse("none");
        Expect.equal("id of the finishing event", Integer.toString(finished.bytes().length), last);
    }

    private static void onEveryEvent(Session s) throws IOException {
        for (Event event : Resumable.events(Resumable.finished(s).stream())) {
            Expect.that(event.id().isPresent(), "a line id: before the event", event.document());
        }
    }

    private static void notOnDone(Session s) throws IOException {
        List<String> lines = Resumable.finished(s).stream().lines().lines();
        int done = lines.lastIndexOf("data: [DONE]");
        Expect.that(done > 0 && !lines.get(done - 1).startsWith("id:"), "[DONE] without an id", lines);
    }

    private static Streamed resumed(Session s, AttachingRequest attaching, Finished of, int n) throws IOException {
        return Streamed.of(s.send(Resumable.from(attaching.to(s, of), Integer.toString(n))));
    }

    private static void everyBoundary(Session s, AttachingRequest attaching) throws IOException {
        Finished finished = Resumable.finished(s);
        int end = Math.min(finished.bytes().length, MAX_BYTES - 2);
        for (int n = 0; n < end; n++) {
            if (finished.isBoundary(n)) {
                expectRest(resumed(s, attaching, finished, n), finished, n);
            }
        }
    }

    private static void goesOn(Session s, AttachingRequest attaching, int n) throws IOException {
        Finished finished = Resumable.finished(s);
        expectRest(resumed(s, attaching, finished, n), finished, n);
    }

    private static void withoutHeader(Session s, AttachingRequest attaching) throws IOException {
        Finished finished = Resumable.finished(s);
        expectRest(Streamed.of(s.send(attaching.to(s, finished))), finished, 0);
    }

    private static void expectRest(Streamed resumed, Finished finished, int n) {
        JsonNode first = resumed.events().get(0);
        Expect.equal(
                "the first delta after byte " + n,
                finished.after(n),
                first.path("delta").asText());
        Expect.equal("its text", finished.stream().text(), first.path("text").asText());
        Expect.equal(
                "the deltas after byte " + n,
                finished.after(n),
                resumed.finished().text());
        Expect.equal("X-Generation-Id", finished.id(), resumed.id());
    }

    private static void atTheEnd(Session s, AttachingRequest attaching) throws IOException {
        Finished finished = Resumable.finished(s);
        Streamed resumed =
                resumed(s, attaching, finished, finished.bytes().length).finished();
        Expect.equal("the number of events", 1, resumed.events().size());
        Expect.equal("the text", "", resumed.text());
    }

    private static void sameEnd(Session s, AttachingRequest attaching) throws IOException {
        Finished finished = Resumable.finished(s);
        Expect.equal(
                "the last event",
                finished.stream().last(),
                resumed(s, attaching, finished, 0).finished().last());
    }

    private static void insideCodePoint(Session s, AttachingRequest attaching) throws IOException {
        Finished finished = Resumable.finished(s);
        int end = Math.min(finished.bytes().length, MAX_BYTES - 2);
        boolean isTried = false;
        for (int n = 1; n < end; n++) {
            if (!finished.isBoundary(n)) {
                isTried = true;
                refused(s, attaching, Integer.toString(n));
            }
        }
        if (!isTried) {
            throw NotRun.skip("the text has characters of one byte only");
        }
    }

    private static void beyond(Session s, AttachingRequest attaching) throws IOException {
        refused(s, attaching, Integer.toString(Resumable.finished(s).bytes().length + 1));
    }

    private static void refused(Session s, AttachingRequest attaching, String cursor) throws IOException {
        Answer answer = s.send(Resumable.from(attaching.to(s, Resumable.finished(s)), cursor));
        Expect.refusal(400, "invalid_request_error", answer);
    }

    private static void unknownKeyDiverges(Session s) throws IOException {
        Request request = Resumable.from(Resumable.post(s, Session.STREAM, s.small(), s.unique()), "1");
        Expect.equal("error.code", "diverged", Resumable.conflict(s.send(request)));
    }
}
