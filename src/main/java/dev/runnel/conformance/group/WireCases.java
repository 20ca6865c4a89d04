package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** HTTP/1.1 itself: heads that are wrong, requests that hide another one, several requests on one connection. */
final class WireCases {

    private static final String SMUGGLING = "request smuggling variants are refused: 400, and the connection is closed"
            + " (RFC 9112, sections 6 and 11.2)";
    private static final String MALFORMED = "invalid_request_error: 400: the request is wrong";

    /** The name of a case, then lines of a head of POST whose body is the token {@code BODY}. */
    private static final String[][] SMUGGLED = {
        {"length-and-chunked", "Content-Length: 4|Transfer-Encoding: chunked"},
        {"chunked-and-length", "Transfer-Encoding: chunked|Content-Length: 4"},
        {"two-lengths", "Content-Length: 4|Content-Length: 5"},
        {"two-lengths-in-one", "Content-Length: 4, 5"},
        {"length-with-plus", "Content-Length: +4"},
        {"length-negative", "Content-Length: -4"},
        {"length-hexadecimal", "Content-Length: 0x4"},
        {"length-with-space", "Content-Length: 4 4"},
        {"length-huge", "Content-Length: 99999999999999999999"},
        {"encoding-unknown", "Transfer-Encoding: xchunked"},
        {"encoding-not-last", "Transfer-Encoding: chunked, identity"},
        {"encoding-twice", "Transfer-Encoding: chunked|Transfer-Encoding: chunked"},
        {"encoding-quoted", "Transfer-Encoding: \"chunked\""},
        {"encoding-gzip", "Transfer-Encoding: gzip, chunked"},
        {"encoding-identity", "Transfer-Encoding: identity|Content-Length: 4"},
        {"space-before-colon", "Transfer-Encoding : chunked"},
        {"length-space-before-colon", "Content-Length : 4"},
        {"vertical-tab", "Transfer-Encoding:\u000bchunked"},
        {"nul-in-value", "X-A: a\u0000b|Content-Length: 4"},
        {"bare-return", "X-A: a\rTransfer-Encoding: chunked|Content-Length: 4"}
    };

    /** The name of a case, then the whole head. */
    private static final String[][] HEADS = {
        {"no-request-line", "NONSENSE||"},
        {"no-version", "GET /v1/models|Host: a||"},
        {"unknown-version", "GET /v1/models HTTP/9.9|Host: a||"},
        {"other-protocol", "GET /v1/models FTP/1.1|Host: a||"},
        {"no-host", "GET /v1/models HTTP/1.1||"},
        {"two-hosts", "GET /v1/models HTTP/1.1|Host: a|Host: b||"},
        {"no-colon", "GET /v1/models HTTP/1.1|Host: a|no colon||"},
        {"empty-name", "GET /v1/models HTTP/1.1|Host: a|: x||"},
        {"space-in-name", "GET /v1/models HTTP/1.1|Host: a|bad name: x||"},
        {"control-in-name", "GET /v1/models HTTP/1.1|Host: a|bad\u0001name: x||"},
        {"bad-percent", "GET /v1/%zz HTTP/1.1|Host: a||"},
        {"space-in-target", "GET /v1/mod els HTTP/1.1|Host: a||"},
        {"target-of-other-scheme", "GET ftp://a/v1/models HTTP/1.1|Host: a||"}
    };

    private static final String[][] CHUNKS = {
        {"size-not-hexadecimal", "zz\r\n{}\r\n0\r\n\r\n"},
        {"size-negative", "-2\r\n{}\r\n0\r\n\r\n"},
        {"size-with-prefix", "0x2\r\n{}\r\n0\r\n\r\n"},
        {"size-huge", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"},
        {"data-longer-than-size", "1\r\n{}\r\n0\r\n\r\n"},
        {"size-empty", "\r\n{}\r\n0\r\n\r\n"}
    };

    private WireCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("wire").sentence(SMUGGLING);
        for (String[] row : SMUGGLED) {
            cases.add("smuggling/" + row[0], 1, s -> smuggles(s, row[1]));
        }
        cases.add("smuggling/folded-line", 1, s -> folded(s, "X-A: b| Transfer-Encoding: chunked|Content-Length: 4"))
                .add("smuggling/folded-encoding", 1, s -> folded(s, "Transfer-Encoding:| chunked"));
        for (String[] row : CHUNKS) {
            cases.add("smuggling/chunk-" + row[0], 1, s -> badChunk(s, row[1]));
        }
        cases.sentence(MALFORMED);
        for (String[] row : HEADS) {
            cases.add("head/" + row[0], 1, s -> badHead(s, row[1]));
        }
        pipelining(cases);
        return cases.cases();
    }

    private static String head(Session s, String line, String lines) {
        return line + " HTTP/1.1\r\nHost: " + s.target().authority() + "\r\nAuthorization: Bearer " + s.key()
                + "\r\nContent-Type: application/json\r\n" + lines.replace("|", "\r\n") + "\r\n\r\n";
    }

    /** The bytes after the head are read as a request by a server that uses the wrong length. */
    private static void smuggles(Session s, String lines) throws IOException {
        String hidden = "0\r\n\r\n" + head(s, "GET " + s.target().path("/v1/models"), "X-Smuggled: yes");
        try (Wire wire = s.connect().send(head(s, "POST " + s.target().path(Session.ONCE), lines) + hidden)) {
            refusedAndClosed(wire);
        }
    }

    /** RFC 9112, section 5.2, allows a server to read a fold as a space: then the second request is not hidden. */
    private static void folded(Session s, String lines) throws IOException {
        String next = "0\r\n\r\n" + head(s, "GET " + s.target().path("/v1/models"), "X-Next: yes");
        try (Wire wire = s.connect().send(head(s, "POST " + s.target().path(Session.ONCE), lines) + next)) {
            Optional<Answer> answer = wire.answerIfAny();
            Expect.that(answer.map(Answer::status).orElse(400) == 400, "status 400", answer);
            if (answer.isPresent() && wire.answerIfAny().isPresent()) {
                throw NotRun.inform("a folded line is read as one with a space");
            }
        }
    }

    private static void badChunk(Session s, String body) throws IOException {
        String head = head(s, "POST " + s.target().path(Session.ONCE), "Transfer-Encoding: chunked");
        try (Wire wire = s.connect().send(head + body)) {
            refusedAndClosed(wire);
        }
    }

    private static void refusedAndClosed(Wire wire) throws IOException {
        Optional<Answer> answer = wire.answerIfAny();
        if (answer.isPresent()) {
            int status = answer.get().status();
            Expect.that(status == 400 || status == 501 || status == 413, "status 400", Expect.shown(answer.get()));
            Optional<Answer> second = wire.answerIfAny();
            Expect.that(second.isEmpty(), "a closed connection after the refusal", second);
        }
    }

    /** RFC 9110, section 15.6.6, allows 505 for a version. */
    private static void badHead(Session s, String head) throws IOException {
        try (Wire wire = s.connect().send(head.replace("|", "\r\n"))) {
            Optional<Answer> answer = wire.answerIfAny();
            if (answer.isEmpty()) {
                throw NotRun.inform("the connection is closed without an answer");
            }
            int status = answer.get().status();
            Expect.that(
                    (status >= 400 && status < 500) || status == 505, "status 400 … 499", Expect.shown(answer.get()));
            Expect.doesNotLeak(answer.get().body());
        }
    }

    private static void pipelining(CaseList cases) {
        cases.sentence("A connection serves requests one after another, and answers in their order (RFC 9112, 9.3)")
                .add("connection/two-requests", 2, WireCases::twoRequests)
                .add("connection/goes-on-after-400", 2, s -> goesOnAfter(s, s.post(Session.ONCE, "{"), 400))
                .add("connection/goes-on-after-404", 2, s -> goesOnAfter(s, s.get("/v1/no-such-route"), 404))
                .add("connection/goes-on-after-stream", 2, s -> goesOnAfter(s, s.post(Session.STREAM, s.small()), 200))
                .add("pipelining/two-in-one-write", 2, WireCases::twoInOneWrite)
                .add("pipelining/five-in-order", 5, WireCases::fiveInOrder)
                .add("pipelining/stream-then-models", 2, WireCases::streamThenModels)
                .add("pipelining/byte-by-byte", 1, WireCases::byteByByte)
                .sentence("Connection: close ends the connection after the answer (RFC 9112, 9.6)")
                .add("connection/close-is-obeyed", 1, WireCases::closeIsObeyed)
                .add("connection/close-is-obeyed-after-stream", 1, WireCases::closeIsObeyedAfterStream)
                .sentence("HEAD has the head of GET and no body (RFC 9110, 9.3.2)")
                .add("method/head", 2, WireCases::headHasNoBody)
                .sentence("Upgrade: h2c is answered over HTTP/1.1")
                .add(
                        "upgrade/h2c-is-ignored",
                        1,
                        s -> Expect.status(
                                200,
                                s.send(s.get("/v1/models")
                                        .header("Connection", "Upgrade, HTTP2-Settings")
                                        .header("Upgrade", "h2c")
                                        .header("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA"))));
    }

    private static void twoRequests(Session s) throws IOException {
        goesOnAfter(s, s.get("/v1/models"), 200);
    }

    private static void goesOnAfter(Session s, Request first, int status) throws IOException {
        try (Wire wire = s.open(first)) {
            Expect.equal("status", status, wire.answer().status());
            s.count();
            Expect.equal(
                    "status of the second answer",
                    200,
                    wire.send(s.get("/v1/models")).answer().status());
        }
    }

    private static byte[] joined(Session s, Request... requests) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Request request : requests) {
            all.writeBytes(request.bytes(s.target()));
        }
        return all.toByteArray();
    }

    private static void twoInOneWrite(Session s) throws IOException {
        s.count();
        try (Wire wire = s.connect().send(joined(s, s.get("/v1/models"), s.get("/v1/usage")))) {
            Expect.that(wire.answer().body().contains("models"), "the models first", "another answer");
            Expect.that(wire.answer().body().contains("subject"), "the usage second", "another answer");
        }
    }

    private static void fiveInOrder(Session s) throws IOException {
        Request[] requests = new Request[5];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = s.get("/v1/models").header("X-Request-Id", "number-" + i);
        }
        try (Wire wire = s.connect().send(joined(s, requests))) {
            for (int i = 0; i < requests.length; i++) {
                Expect.equal("X-Request-Id", "number-" + i, wire.answer().headerOrEmpty("X-Request-Id"));
            }
        }
    }

    private static void streamThenModels(Session s) throws IOException {
        s.count();
        try (Wire wire = s.connect().send(joined(s, s.post(Session.STREAM, s.small()), s.get("/v1/models")))) {
            Streamed.of(wire.answer()).finished();
            Expect.equal("status of the second answer", 200, wire.answer().status());
        }
    }

    private static void byteByByte(Session s) throws IOException {
        try (Wire wire = s.connect()) {
            for (byte one : s.get("/v1/models").bytes(s.target())) {
                wire.send(new byte[] {one});
            }
            Expect.equal("status", 200, wire.answer().status());
        }
    }

    private static void closeIsObeyed(Session s) throws IOException {
        try (Wire wire = s.open(s.get("/v1/models").header("Connection", "close"))) {
            Expect.equal("status", 200, wire.answer().status());
            Expect.that(wire.isClosedByServer(), "a closed connection", "an open one");
        }
    }

    private static void closeIsObeyedAfterStream(Session s) throws IOException {
        try (Wire wire = s.open(s.post(Session.STREAM, s.small()).header("Connection", "close"))) {
            Streamed.of(wire.answer()).finished();
            Expect.that(wire.isClosedByServer(), "a closed connection", "an open one");
        }
    }

    private static void headHasNoBody(Session s) throws IOException {
        Request head = Request.of("HEAD", "/v1/models").key(s.key());
        try (Wire wire = s.open(head)) {
            Expect.equal("status", 200, wire.answerWithoutBody().status());
            s.count();
            Expect.equal(
                    "status of the second answer",
                    200,
                    wire.send(s.get("/v1/models")).answer().status());
        }
    }
}
