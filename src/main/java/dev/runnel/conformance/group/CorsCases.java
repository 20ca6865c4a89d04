package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.util.List;

/** What pages of browsers may do, for an origin that the server lists and for another one. */
final class CorsCases {

    private static final String FOREIGN = "https://not-listed.invalid";

    private CorsCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("cors").needs(Need.CORS);
        preflights(cases);
        answers(cases);
        return cases.cases();
    }

    private static void preflights(CaseList cases) {
        cases.sentence("a preflight … of any /v1 route is answered 204 before the key is looked at")
                .add("preflight/204", 1, s -> Expect.status(204, preflight(s, Session.STREAM)))
                .add("preflight/unknown-route", 1, s -> Expect.status(204, preflight(s, "/v1/no-such-route")))
                .sentence("Access-Control-Allow-Origin (the origin), -Methods: GET, POST, DELETE, -Max-Age: 600")
                .add(
                        "preflight/origin",
                        1,
                        s -> header(preflight(s, Session.ONCE), "Access-Control-Allow-Origin", origin(s)))
                .add(
                        "preflight/methods",
                        1,
                        s -> header(preflight(s, Session.ONCE), "Access-Control-Allow-Methods", "GET, POST, DELETE"))
                .add("preflight/max-age", 1, s -> header(preflight(s, Session.ONCE), "Access-Control-Max-Age", "600"))
                .sentence("-Headers (what was asked for: SDKs send X-Stainless-*)")
                .add(
                        "preflight/headers",
                        1,
                        s -> header(
                                preflight(s, Session.ONCE),
                                "Access-Control-Allow-Headers",
                                "authorization,x-stainless-os"));
    }

    private static void answers(CaseList cases) {
        cases.sentence("Answers carry Access-Control-Allow-Origin")
                .add("answer/origin", 1, s -> header(fromOrigin(s), "Access-Control-Allow-Origin", origin(s)))
                .add(
                        "answer/origin-on-error",
                        1,
                        s -> header(
                                s.send(s.get("/v1/no-such-route").header("Origin", origin(s))),
                                "Access-Control-Allow-Origin",
                                origin(s)))
                .add(
                        "answer/origin-on-stream",
                        1,
                        s -> header(
                                s.send(s.post(Session.STREAM, s.small()).header("Origin", origin(s))),
                                "Access-Control-Allow-Origin",
                                origin(s)))
                .sentence("Access-Control-Expose-Headers: X-Request-Id, X-Generation-Id, Retry-After, …")
                .add("answer/exposes", 1, CorsCases::exposes)
                .sentence("No credentials")
                .add("answer/no-credentials", 1, s -> header(fromOrigin(s), "Access-Control-Allow-Credentials", ""))
                .sentence("For a listed origin a preflight … is answered; other origins get no CORS header")
                .add(
                        "foreign/no-header",
                        1,
                        s -> Expect.equal(
                                "Access-Control-Allow-Origin",
                                "",
                                foreignOrigin(s).replace("*", "")));
    }

    private static String origin(Session s) {
        return s.setup().origin().orElseThrow();
    }

    private static Answer preflight(Session s, String path) throws IOException {
        return s.send(Request.of("OPTIONS", path)
                .header("Origin", origin(s))
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-stainless-os"));
    }

    private static Answer fromOrigin(Session s) throws IOException {
        return s.send(s.get("/v1/models").header("Origin", origin(s)));
    }

    private static String foreignOrigin(Session s) throws IOException {
        return s.send(s.get("/v1/models").header("Origin", FOREIGN)).headerOrEmpty("Access-Control-Allow-Origin");
    }

    private static void header(Answer answer, String name, String value) {
        Expect.equal(name, value, answer.headerOrEmpty(name));
    }

    private static void exposes(Session s) throws IOException {
        String exposed = fromOrigin(s).headerOrEmpty("Access-Control-Expose-Headers");
        for (String name : List.of("X-Request-Id", "X-Generation-Id", "Retry-After")) {
            Expect.that(exposed.contains(name), "Access-Control-Expose-Headers with " + name, exposed);
        }
    }
}
