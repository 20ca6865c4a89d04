package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Which keys may use the routes. */
final class AuthCases {

    private static final String NEEDED = "Every /v1/** route needs Authorization: Bearer <API key>";
    private static final String BAD = "authentication_error: 401: no key, a bad, expired or revoked key";

    /** The name of a case, then a value of {@code Authorization}. */
    private static final String[][] BAD_HEADERS = {
        {"empty-header", ""},
        {"scheme-only", "Bearer"},
        {"empty-key", "Bearer "},
        {"basic", "Basic YWRhOnNlY3JldA=="},
        {"no-token-form", "Bearer abc"},
        {"two-parts", "Bearer abc.def"},
        {"four-parts", "Bearer a.b.c.d"},
        {"empty-parts", "Bearer .."},
        {"not-base64", "Bearer !!!.!!!.!!!"},
        {"not-json", "Bearer YWJj.YWJj.YWJj"}
    };

    private AuthCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("auth");
        cases.sentence(NEEDED)
                .add("missing/models", 1, s -> refused(s, Request.of("GET", "/v1/models")))
                .add("missing/usage", 1, s -> refused(s, Request.of("GET", "/v1/usage")))
                .add("missing/generate", 1, s -> refused(s, keyless(s, Session.ONCE)))
                .add("missing/stream", 1, s -> refused(s, keyless(s, Session.STREAM)))
                .add("missing/by-id", 1, s -> refused(s, Request.of("GET", "/v1/generate/gen_0")))
                .add("missing/key-in-query", 1, s -> refused(s, Request.of("GET", "/v1/models?key=" + s.key())))
                .add(
                        "missing/key-in-other-header",
                        1,
                        s -> refused(
                                s,
                                Request.of("GET", "/v1/models")
                                        .header("X-Api-Key", s.key())
                                        .header("Api-Key", s.key())))
                .sentence("Under /v1 a bad key (401) is reported before an unknown route (404) or method (405)")
                .add("order/before-404", 1, s -> refused(s, Request.of("GET", "/v1/no-such-route")))
                .add("order/before-405", 1, s -> refused(s, Request.of("PUT", "/v1/models")))
                .add(
                        "order/before-415",
                        1,
                        s -> refused(s, keyless(s, Session.ONCE).without("Content-Type")))
                .add(
                        "order/before-400",
                        1,
                        s -> refused(s, Request.of("POST", Session.ONCE).json("{")));
        cases.sentence(BAD);
        for (String[] row : BAD_HEADERS) {
            cases.add(
                    "bad/" + row[0],
                    1,
                    s -> refused(s, Request.of("GET", "/v1/models").header("Authorization", row[1])));
        }
        forged(cases);
        keys(cases);
        scopes(cases);
        return cases.cases();
    }

    private static Request keyless(Session s, String route) {
        return s.post(route, s.small()).without("Authorization");
    }

    private static void refused(Session s, Request request) throws IOException {
        Answer answer = s.send(request);
        Expect.refusal(401, "authentication_error", answer);
        String challenge = answer.headerOrEmpty("WWW-Authenticate");
        Expect.that(challenge.startsWith("Bearer"), "WWW-Authenticate: Bearer", challenge);
    }

    private static void forged(CaseList cases) {
        cases.add("forged/signature-changed", 1, s -> forged(s, 2, AuthCases::changed))
                .add("forged/signature-cut", 1, s -> forged(s, 2, part -> part.substring(0, part.length() - 2)))
                .add("forged/signature-empty", 1, s -> forged(s, 2, part -> ""))
                .add("forged/signature-longer", 1, s -> forged(s, 2, part -> part + "AAAA"))
                .add("forged/claims-changed", 1, s -> forged(s, 1, AuthCases::otherSubject))
                .add("forged/algorithm-none", 1, s -> forged(s, 0, part -> header("none")))
                .add(
                        "forged/algorithm-none-unsigned",
                        1,
                        s -> refused(s, bearer(s, header("none") + "." + parts(s)[1] + ".")))
                .add("forged/algorithm-changed", 1, s -> forged(s, 0, part -> header("HS512")))
                .add("forged/algorithm-unknown", 1, s -> forged(s, 0, part -> header("XX256")))
                .add("forged/padding-added", 1, s -> forged(s, 2, part -> part + "="))
                .sentence("api-key and x-api-key are not read; any case of the scheme")
                .add("scheme/lower-case", 1, s -> accepted(s, "bearer " + s.key()))
                .add("scheme/upper-case", 1, s -> accepted(s, "BEARER " + s.key()))
                .sentence("A bad key has no effect on the next request of a connection")
                .add("bad/connection-goes-on", 2, AuthCases::connectionGoesOn);
    }

    private interface Change {
        String of(String part);
    }

    private static String[] parts(Session s) {
        String[] parts = s.key().split("\\.", -1);
        if (parts.length != 3) {
            throw NotRun.skip("the key is not a JWT");
        }
        return parts;
    }

    private static void forged(Session s, int part, Change change) throws IOException {
        String[] parts = parts(s);
        parts[part] = change.of(parts[part]);
        refused(s, bearer(s, String.join(".", parts)));
    }

    private static Request bearer(Session s, String token) {
        s.transcript().hide(token);
        return Request.of("GET", "/v1/models").key(token);
    }

    /** In the first half: the last character of a signature may carry bits that mean nothing. */
    private static String changed(String part) {
        char other = part.charAt(3) == 'A' ? 'B' : 'A';
        return part.substring(0, 3) + other + part.substring(4);
    }

    private static String otherSubject(String part) {
        String claims = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        return encoded(claims.replaceFirst("\"sub\":\"", "\"sub\":\"x"));
    }

    private static String header(String algorithm) {
        return encoded("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\"}");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void accepted(Session s, String authorization) throws IOException {
        Answer answer = s.send(Request.of("GET", "/v1/models").header("Authorization", authorization));
        Expect.status(200, answer);
    }

    private static void connectionGoesOn(Session s) throws IOException {
        try (Wire wire = s.open(Request.of("GET", "/v1/models").key("bad"))) {
            Expect.equal("status", 401, wire.answer().status());
            s.count();
            Expect.equal("status", 200, wire.send(s.get("/v1/models")).answer().status());
        }
    }

    private static void keys(CaseList cases) {
        cases.needs(Need.EXPIRED_KEY)
                .sentence(BAD)
                .add("expired/models", 1, s -> refused(s, as(s, KeyRole.EXPIRED, "GET", "/v1/models")))
                .add("expired/stream", 1, s -> refused(s, posted(s, KeyRole.EXPIRED)))
                .needs(Need.REVOKED_KEY)
                .add("revoked/models", 1, s -> refused(s, as(s, KeyRole.REVOKED, "GET", "/v1/models")))
                .add("revoked/stream", 1, s -> refused(s, posted(s, KeyRole.REVOKED)));
    }

    private static void scopes(CaseList cases) {
        cases.needs(Need.OBSERVE_KEY)
                .sentence("permission_error: 403: the key may not do this (scope, model, plan)")
                .add(
                        "scope/generate-is-needed",
                        1,
                        s -> forbidden(s.send(s.post(Session.ONCE, s.small())
                                .without("Authorization")
                                .key(s.key(KeyRole.OBSERVE)))))
                .add("scope/generate-is-needed-to-stream", 1, s -> forbidden(s.send(posted(s, KeyRole.OBSERVE))))
                .sentence("generate for POST and DELETE, observe for the GET routes under /v1/generate/{id}")
                .add(
                        "scope/models-need-none",
                        1,
                        s -> Expect.status(200, s.send(as(s, KeyRole.OBSERVE, "GET", "/v1/models"))))
                .needs(Need.OBSERVE_KEY, Need.BY_ID)
                .add(
                        "scope/generate-is-needed-to-delete",
                        1,
                        s -> forbidden(s.send(as(s, KeyRole.OBSERVE, "DELETE", "/v1/generate/gen_0"))))
                .needs(Need.GENERATE_KEY, Need.BY_ID)
                .add(
                        "scope/observe-is-needed-to-read",
                        1,
                        s -> forbidden(s.send(as(s, KeyRole.GENERATE, "GET", "/v1/generate/gen_0"))))
                .add(
                        "scope/observe-is-needed-to-attach",
                        1,
                        s -> forbidden(s.send(as(s, KeyRole.GENERATE, "GET", "/v1/generate/gen_0/stream"))))
                .needs(Need.GENERATE_KEY)
                .add(
                        "scope/generate-is-enough-to-stream",
                        1,
                        s -> Streamed.of(s.send(posted(s, KeyRole.GENERATE))).finished());
    }

    private static Request as(Session s, KeyRole role, String method, String path) {
        return Request.of(method, path).key(s.key(role));
    }

    private static Request posted(Session s, KeyRole role) {
        return s.post(Session.STREAM, s.small()).without("Authorization").key(s.key(role));
    }

    private static void forbidden(Answer answer) {
        Expect.refusal(403, "permission_error", answer);
    }
}
