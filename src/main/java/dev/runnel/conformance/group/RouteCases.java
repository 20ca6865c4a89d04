package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which routes there are, and the headers that every answer has. */
final class RouteCases {

    /** The name of a case, then a path. */
    private static final String[][] UNKNOWN = {
        {"unknown", "/v1/no-such-route"},
        {"root-of-the-api", "/v1"},
        {"trailing-slash", "/v1/models/"},
        {"trailing-slash-on-generate", "/v1/generate/"},
        {"upper-case", "/v1/Models"},
        {"double-slash", "/v1//models"},
        {"other-version", "/v2/models"},
        {"longer-name", "/v1/modelsx"},
        {"dot-segment", "/v1/models/../../etc/passwd"},
        {"encoded-slash", "/v1%2Fmodels"},
        {"embeddings", "/v1/embeddings"},
        {"metrics-on-the-service-port", "/metrics"},
        {"health-on-the-service-port", "/health/live"}
    };

    /** A method, a path, and a method that {@code Allow} must have. */
    private static final String[][] WRONG_METHODS = {
        {"GET", Session.ONCE, "POST"},
        {"PUT", Session.ONCE, "POST"},
        {"DELETE", Session.ONCE, "POST"},
        {"GET", Session.STREAM, "POST"},
        {"PUT", Session.STREAM, "POST"},
        {"PATCH", Session.STREAM, "POST"},
        {"POST", "/v1/models", "GET"},
        {"DELETE", "/v1/models", "GET"},
        {"POST", "/v1/usage", "GET"},
        {"PUT", "/v1/usage", "GET"}
    };

    private static final String[][] VALID_IDS = {
        {"one-character", "a"},
        {"128-characters", "a".repeat(128)},
        {"every-kind", "AZaz09._-"}
    };

    private static final String[][] INVALID_IDS = {
        {"129-characters", "a".repeat(129)},
        {"empty", ""},
        {"space", "a b"},
        {"semicolon", "a;b"},
        {"slash", "a/b"},
        {"not-ascii", "caf\u00e9"},
        {"markup", "<b>"}
    };

    private RouteCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("route");
        cases.sentence("not_found_error: 404: no such route, model or generation");
        for (String[] row : UNKNOWN) {
            cases.add("404/" + row[0], 1, s -> notFound(s.send(s.get(row[1]))));
        }
        cases.add("404/post-to-unknown", 1, s -> notFound(s.send(s.post("/v1/no-such-route", s.small()))))
                .add(
                        "404/generation-that-never-existed",
                        1,
                        s -> notFound(s.send(s.get("/v1/generate/gen_00000000000000000000000000"))));
        cases.sentence("an unknown route (404) or method (405 with Allow)");
        for (String[] row : WRONG_METHODS) {
            String name = row[0].toLowerCase(Locale.ROOT) + row[1].substring(3).replace('/', '-');
            cases.add("405/" + name, 1, s -> wrongMethod(s, row));
        }
        requestIds(cases);
        return cases.cases();
    }

    private static void notFound(Answer answer) {
        Expect.refusal(404, "not_found_error", answer);
    }

    private static void wrongMethod(Session s, String[] row) throws IOException {
        Request request = Request.of(row[0], row[1]).key(s.key());
        Answer answer = s.send(row[0].equals("POST") ? request.json("{}") : request);
        Expect.refusal(405, "not_found_error", answer);
        String allow = answer.headerOrEmpty("Allow");
        Expect.that(List.of(allow.split(",\\s*")).contains(row[2]), "Allow with " + row[2], allow);
    }

    private static void requestIds(CaseList cases) {
        cases.sentence("X-Request-Id: the client's if it is 1 … 128 of [A-Za-z0-9._-]");
        for (String[] row : VALID_IDS) {
            cases.add(
                    "request-id/keeps-" + row[0],
                    1,
                    s -> Expect.equal(
                            "X-Request-Id",
                            row[1],
                            requestId(s.send(s.get("/v1/models").header("X-Request-Id", row[1])))));
        }
        cases.sentence("X-Request-Id: the client's if it is 1 … 128 of [A-Za-z0-9._-], else ours");
        for (String[] row : INVALID_IDS) {
            cases.add("request-id/replaces-" + row[0], 1, s -> replaced(s, row[1]));
        }
        cases.sentence("X-Request-Id is on every answer")
                .add("request-id/on-200", 1, s -> requestId(s.send(s.get("/v1/models"))))
                .add("request-id/on-generation", 1, s -> requestId(s.send(s.post(Session.ONCE, s.small()))))
                .add("request-id/on-stream", 1, s -> requestId(s.send(s.post(Session.STREAM, s.small()))))
                .add("request-id/on-400", 1, s -> requestId(s.send(s.post(Session.ONCE, "{"))))
                .add("request-id/on-401", 1, s -> requestId(s.send(Request.of("GET", "/v1/models"))))
                .add("request-id/on-404", 1, s -> requestId(s.send(s.get("/v1/no-such-route"))))
                .add("request-id/on-404-outside", 1, s -> requestId(s.send(Request.of("GET", "/no-such-route"))))
                .add("request-id/on-405", 1, s -> requestId(s.send(s.get(Session.ONCE))))
                .add("request-id/on-malformed-request", 1, s -> requestId(s.send("NONSENSE\r\n\r\n")))
                .add(
                        "request-id/of-client-on-error",
                        1,
                        s -> Expect.equal(
                                "X-Request-Id",
                                "mine",
                                requestId(s.send(s.post(Session.ONCE, "{").header("X-Request-Id", "mine")))))
                .add("request-id/differs", 5, RouteCases::differs);
    }

    private static String requestId(Answer answer) {
        String id = answer.headerOrEmpty("X-Request-Id");
        Expect.that(id.matches("[A-Za-z0-9._-]{1,128}"), "X-Request-Id", answer.head());
        return id;
    }

    private static void replaced(Session s, String id) throws IOException {
        String answered = requestId(s.send(s.get("/v1/models").header("X-Request-Id", id)));
        Expect.that(!answered.equals(id), "another X-Request-Id", answered);
    }

    private static void differs(Session s) throws IOException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            ids.add(requestId(s.send(s.get("/v1/models"))));
        }
        Expect.that(ids.size() == 5, "five different ids", ids);
    }
}
