package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.List;

/** The media type and the size of a body. */
final class ContentTypeCases {

    private static final String RULE = "Content-Type must be application/json (charset absent or utf-8), else 415";
    private static final String[][] ACCEPTED = {
        {"plain", "application/json"},
        {"charset", "application/json; charset=utf-8"},
        {"charset-without-space", "application/json;charset=utf-8"},
        {"upper-case-charset", "application/json; charset=UTF-8"},
        {"quoted-charset", "application/json; charset=\"utf-8\""},
        {"upper-case-type", "Application/JSON"}
    };
    private static final String[][] REFUSED = {
        {"text", "text/plain"},
        {"form", "application/x-www-form-urlencoded"},
        {"latin-1", "application/json; charset=iso-8859-1"},
        {"utf-16", "application/json; charset=utf-16"},
        {"patch", "application/json-patch+json"},
        {"prefix", "application/jsonx"},
        {"wildcard", "application/*"},
        {"empty", ""}
    };

    private ContentTypeCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("request").sentence(RULE);
        for (String[] row : ACCEPTED) {
            cases.add(
                    "content-type/accepts-" + row[0], 1, s -> Expect.generated(s.send(typed(s, Session.ONCE, row[1]))));
        }
        for (String[] row : REFUSED) {
            cases.add("content-type/refuses-" + row[0], 2, s -> refuses(s, row[1]));
        }
        cases.add("content-type/refuses-absent", 2, ContentTypeCases::refusesAbsent)
                .sentence("a body over http.maxBodyBytes (2 MiB) is 413 without reading it all")
                .add("size/refuses-declared", 1, ContentTypeCases::refusesDeclaredSize)
                .add("size/refuses-declared-on-stream", 1, ContentTypeCases::refusesDeclaredSizeOnStream)
                .sentence("Expect: 100-continue is answered")
                .add("expect/is-answered", 1, ContentTypeCases::continues)
                .add("expect/is-not-answered-to-too-much", 1, ContentTypeCases::doesNotContinue)
                .sentence("a body may come in chunks (RFC 9112, section 7.1)")
                .add("chunked/is-read", 1, ContentTypeCases::readsChunks)
                .add("chunked/byte-by-byte", 1, ContentTypeCases::readsSingleBytes);
        return cases.cases();
    }

    private static Request typed(Session s, String route, String type) {
        return s.post(route, s.small()).without("Content-Type").header("Content-Type", type);
    }

    private static void refuses(Session s, String type) throws IOException {
        for (String route : List.of(Session.ONCE, Session.STREAM)) {
            Expect.refusal(415, "invalid_request_error", s.send(typed(s, route, type)));
        }
    }

    private static void refusesAbsent(Session s) throws IOException {
        for (String route : List.of(Session.ONCE, Session.STREAM)) {
            Expect.refusal(
                    415,
                    "invalid_request_error",
                    s.send(s.post(route, s.small()).without("Content-Type")));
        }
    }

    private static String head(Session s, String route, String... lines) {
        return "POST " + s.target().path(route) + " HTTP/1.1\r\nHost: "
                + s.target().authority()
                + "\r\nAuthorization: Bearer " + s.key() + "\r\nContent-Type: application/json\r\n"
                + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static void refusesDeclaredSize(Session s) throws IOException {
        Answer answer = s.send(head(s, Session.ONCE, "Content-Length: 1073741824") + "{");
        Expect.refusal(413, "invalid_request_error", answer);
    }

    private static void refusesDeclaredSizeOnStream(Session s) throws IOException {
        Answer answer = s.send(head(s, Session.STREAM, "Content-Length: 1073741824") + "{");
        Expect.refusal(413, "invalid_request_error", answer);
        Expect.that(answer.isEventStream(), "Content-Type: text/event-stream", answer.headerOrEmpty("Content-Type"));
    }

    private static void continues(Session s) throws IOException {
        String body = s.small().json();
        String head = head(s, Session.ONCE, "Expect: 100-continue", "Content-Length: " + body.length());
        try (Wire wire = s.connect().send(head)) {
            Head first = wire.anyHead();
            Expect.equal("status", 100, first.status());
            Expect.generated(wire.send(body).answer());
        }
    }

    private static void doesNotContinue(Session s) throws IOException {
        String head = head(s, Session.ONCE, "Expect: 100-continue", "Content-Length: 1073741824");
        try (Wire wire = s.connect().send(head)) {
            Expect.equal("status", 413, wire.anyHead().status());
        }
    }

    private static void readsChunks(Session s) throws IOException {
        String body = s.small().json();
        String first = body.substring(0, 3);
        String rest = body.substring(3);
        Expect.generated(
                s.send(head(s, Session.ONCE, "Transfer-Encoding: chunked") + chunk(first) + chunk(rest) + "0\r\n\r\n"));
    }

    private static void readsSingleBytes(Session s) throws IOException {
        StringBuilder chunks = new StringBuilder();
        s.small().json().chars().forEach(c -> chunks.append(chunk(Character.toString(c))));
        Expect.generated(s.send(head(s, Session.ONCE, "Transfer-Encoding: chunked") + chunks + "0\r\n\r\n"));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
