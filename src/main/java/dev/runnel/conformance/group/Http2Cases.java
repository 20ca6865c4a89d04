package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Header;
import dev.runnel.conformance.wire.Unmet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The same contract over HTTP/2, where the server has TLS. */
final class Http2Cases {

    private static final String SAME = "With TLS, the same contract holds over HTTP/2";

    private Http2Cases() {}

    static List<Case> cases() {
        return CaseList.of("http2")
                .needs(Need.TLS)
                .sentence(SAME)
                .add("is-negotiated", 1, s -> Expect.status(200, get(s, "/v1/models")))
                .add("unknown-route", 1, s -> Expect.refusal(404, "not_found_error", get(s, "/v1/no-such-route")))
                .add("bad-body", 1, s -> Expect.refusal(400, "invalid_request_error", post(s, Session.ONCE, "{")))
                .add(
                        "bad-body-as-event",
                        1,
                        s -> Expect.that(
                                post(s, Session.STREAM, "{").isEventStream(),
                                "Content-Type: text/event-stream",
                                "another"))
                .add("once", 1, s -> Expect.generated(post(s, Session.ONCE, s.small())))
                .add("stream/sum", 1, s -> StreamRules.textIsTheSum(stream(s)))
                .add("stream/one-terminal-event", 1, s -> StreamRules.oneTerminalEvent(stream(s)))
                .add("stream/done-once", 1, s -> StreamRules.doneOnce(stream(s)))
                .add("stream/kinds-of-lines", 1, s -> StreamRules.onlyPermittedLines(stream(s)))
                .add("stream/whole-code-points", 1, s -> StreamRules.wholeCodePoints(stream(s)))
                .add("stream/usage", 1, s -> StreamRules.usageAddsUp(stream(s)))
                .needs(Need.TLS, Need.SLOW)
                .sentence("Closing the connection cancels a plain generation; others are not affected")
                .add("reset/others-go-on", 2, Http2Cases::resetLeavesOthers)
                .cases();
    }

    private static HttpClient client(Session s) throws IOException {
        return s.keep(
                "HTTP/2 client",
                HttpClient.class,
                () -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(s.target().tls().orElseThrow())
                        .connectTimeout(s.target().timeout())
                        .build());
    }

    private static HttpRequest.Builder request(Session s, String path) {
        URI base = s.target().base();
        return HttpRequest.newBuilder(base.resolve(s.target().path(path)))
                .timeout(s.target().timeout())
                .header("Authorization", "Bearer " + s.key())
                .header("Content-Type", "application/json");
    }

    private static Answer get(Session s, String path) throws IOException {
        return answer(s, request(s, path).GET().build());
    }

    private static Answer post(Session s, String path, Body body) throws IOException {
        return post(s, path, body.json());
    }

    private static Answer post(Session s, String path, String json) throws IOException {
        return answer(
                s,
                request(s, path).POST(HttpRequest.BodyPublishers.ofString(json)).build());
    }

    private static Streamed stream(Session s) throws IOException {
        return Streamed.of(post(s, Session.STREAM, s.story()));
    }

    private static Answer answer(Session s, HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = sent(s, request, HttpResponse.BodyHandlers.ofByteArray());
        List<Header> headers = response.headers().map().entrySet().stream()
                .map(header -> new Header(header.getKey(), String.join(", ", header.getValue())))
                .toList();
        return new Answer(new Head(response.statusCode(), headers), List.of(response.body()), true);
    }

    private static <T> HttpResponse<T> sent(Session s, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        s.count();
        try {
            HttpResponse<T> response = client(s).send(request, handler);
            if (response.version() != HttpClient.Version.HTTP_2) {
                throw new Unmet("an answer over HTTP/2", response.version());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Closing the body of an answer resets its stream. */
    private static void resetLeavesOthers(Session s) throws IOException {
        String body = s.story(ModelRole.SLOW).with("maxTokens", "2000").json();
        HttpRequest request = request(s, Session.STREAM)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (InputStream in =
                sent(s, request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            Expect.that(in.read() >= 0, "a first byte", "the end");
        }
        StreamRules.oneTerminalEvent(stream(s));
    }
}
