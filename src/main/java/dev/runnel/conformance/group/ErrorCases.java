package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.EventLines;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.util.List;

/** The forms and headers of refusals. */
final class ErrorCases {

    private static final String AS_EVENT =
            "on POST /v1/generate/stream the body of a refusal is one data: {\"error\":…} event as text/event-stream";
    private static final String AS_JSON =
            "or plain JSON where Accept asks for application/json and not for text/event-stream";

    /** The name of a case, then the value of {@code Accept}. */
    private static final String[][] EVENT_ACCEPTS = {
        {"event-stream", "text/event-stream"},
        {"anything", "*/*"},
        {"both", "application/json, text/event-stream"},
        {"both-reversed", "text/event-stream, application/json"},
        {"text", "text/html"}
    };

    private static final String[][] JSON_ACCEPTS = {
        {"json", "application/json"},
        {"json-with-charset", "application/json; charset=utf-8"},
        {"json-upper-case", "Application/JSON"},
        {"json-and-html", "text/html, application/json;q=0.9"}
    };

    private ErrorCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("error");
        cases.sentence(AS_EVENT)
                .add("form/event-without-accept", 1, s -> eventForm(bad(s)).run(s));
        for (String[] row : EVENT_ACCEPTS) {
            cases.add(
                    "form/event-for-" + row[0],
                    1,
                    s -> eventForm(bad(s).header("Accept", row[1])).run(s));
        }
        cases.sentence(AS_JSON);
        for (String[] row : JSON_ACCEPTS) {
            cases.add(
                    "form/json-for-" + row[0],
                    1,
                    s -> jsonForm(bad(s).header("Accept", row[1])).run(s));
        }
        cases.sentence("{\"error\":{\"type\":…,\"message\":…}}")
                .add(
                        "form/json-on-once",
                        1,
                        s -> jsonForm(s.post(Session.ONCE, "{}")).run(s))
                .add(
                        "form/json-on-once-for-event-stream",
                        1,
                        s -> jsonForm(s.post(Session.ONCE, "{}").header("Accept", "text/event-stream"))
                                .run(s))
                .add("form/only-known-members", 1, ErrorCases::onlyKnownMembers)
                .sentence("Nothing follows it")
                .add("form/one-event-only", 1, ErrorCases::oneEventOnly);
        statuses(cases);
        models(cases);
        return cases.cases();
    }

    private static Request bad(Session s) {
        return s.post(Session.STREAM, "{}");
    }

    private static Case.Check eventForm(Request request) {
        return s -> {
            Answer answer = s.send(request);
            Expect.equal("Content-Type", "text/event-stream; charset=utf-8", answer.headerOrEmpty("Content-Type"));
            Expect.refusal(400, "invalid_request_error", answer);
        };
    }

    private static Case.Check jsonForm(Request request) {
        return s -> {
            Answer answer = s.send(request);
            String type = answer.headerOrEmpty("Content-Type");
            Expect.that(type.startsWith("application/json"), "Content-Type: application/json", type);
            Expect.refusal(400, "invalid_request_error", answer);
        };
    }

    private static void onlyKnownMembers(Session s) throws IOException {
        JsonNode body = s.send(s.post(Session.ONCE, "{}")).json();
        Expect.that(body.size() == 1, "no member beside error", body);
        body.path("error")
                .fieldNames()
                .forEachRemaining(name -> Expect.that(
                        List.of("type", "message", "param", "code").contains(name),
                        "only type, message, param and code",
                        body));
    }

    private static void oneEventOnly(Session s) throws IOException {
        EventLines lines = s.send(bad(s)).events();
        Expect.that(lines.payloads().size() == 1, "one data line", lines.lines());
        Expect.that(lines.endsWithBlankLine(), "a blank line at the end", lines.lines());
    }

    /** Each status on the stream route: what readers of lines see is what readers of statuses see. */
    private static void statuses(CaseList cases) {
        cases.sentence(AS_EVENT)
                .add(
                        "status/401-as-event",
                        1,
                        s -> asEvent(
                                s,
                                s.post(Session.STREAM, s.small()).without("Authorization"),
                                401,
                                "authentication_error"))
                .add(
                        "status/404-as-event",
                        1,
                        s -> asEvent(
                                s, s.post(Session.STREAM, s.small().model("no-such-model")), 404, "not_found_error"))
                .add(
                        "status/415-as-event",
                        1,
                        s -> asEvent(
                                s,
                                s.post(Session.STREAM, s.small()).without("Content-Type"),
                                415,
                                "invalid_request_error"))
                .sentence("431: its head is too long")
                .add(
                        "status/431-long-request-line",
                        1,
                        s -> tooLong(s, Request.of("GET", "/v1/models?" + "a".repeat(20_000))))
                .add(
                        "status/431-long-header",
                        1,
                        s -> tooLong(s, s.get("/v1/models").header("X-Filler", "a".repeat(20_000))))
                .sentence("A message says what to do; never a stack trace, a class name, a file path, a key")
                .add("message/does-not-repeat-the-key", 1, ErrorCases::keyIsNotRepeated)
                .add("message/does-not-repeat-a-bad-key", 1, ErrorCases::badKeyIsNotRepeated);
    }

    private static void asEvent(Session s, Request request, int status, String type) throws IOException {
        Answer answer = s.send(request);
        Expect.refusal(status, type, answer);
        Expect.that(answer.isEventStream(), "Content-Type: text/event-stream", answer.headerOrEmpty("Content-Type"));
    }

    private static void tooLong(Session s, Request request) throws IOException {
        Answer answer = s.send(request);
        if (answer.status() == 200) {
            throw NotRun.inform("a head of 20 KB is not too long for the server");
        }
        Expect.refusal(431, "invalid_request_error", answer);
    }

    private static void keyIsNotRepeated(Session s) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.small().with("model", "\"" + s.key() + "\"")));
        Expect.that(!answer.body().contains(s.key()), "a body without the key", "the key");
    }

    private static void badKeyIsNotRepeated(Session s) throws IOException {
        String bad = "not-a-key-0123456789";
        Answer answer = s.send(Request.of("GET", "/v1/models").key(bad));
        Expect.refusal(401, "authentication_error", answer);
        Expect.that(!answer.body().contains(bad), "a body without what was sent as the key", answer.body());
    }

    private static void models(CaseList cases) {
        cases.sentence("one that is not available now 503; overloaded_error: 503 + Retry-After")
                .add("status/503-unavailable-model", 2, s -> unavailable(s, Session.ONCE))
                .add("status/503-unavailable-model-as-event", 2, s -> unavailable(s, Session.STREAM))
                .needs(Need.DEAD)
                .sentence("api_error: 502; 502 and 504 are statuses of POST /v1/generate only")
                .add("status/502-dead-engine", 1, ErrorCases::deadEngine);
    }

    private static void unavailable(Session s, String route) throws IOException {
        Model model = Models.unavailable(s);
        Answer answer = s.send(s.post(route, s.small().model(model.name())));
        Expect.refusal(503, "overloaded_error", answer);
        String after = answer.headerOrEmpty("Retry-After");
        Expect.that(after.matches("[1-9][0-9]*"), "Retry-After in whole seconds", after);
    }

    private static void deadEngine(Session s) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.story(ModelRole.DEAD)));
        Expect.that(
                answer.status() == 502 || answer.status() == 504 || answer.status() == 500,
                "status 500, 502 or 504",
                Expect.shown(answer));
        Expect.that(!answer.error().path("message").asText().isEmpty(), "an error with a message", answer.body());
    }
}
