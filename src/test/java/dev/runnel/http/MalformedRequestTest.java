package dev.runnel.http;

import static dev.runnel.http.PlayedClient.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are not well-formed HTTP/1.1, over a real socket. */
@ExtendWith(PlayedService.class)
class MalformedRequestTest {

    private final PlayedClient client;

    MalformedRequestTest(PlayedClient client) {
        this.client = client;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.7\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/9\r\nHost: localhost\r\n\r\n",
                "GET / FTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n broken: fold\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nbad name: x\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nx: a\u0000b\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%c0%80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/models?a=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
            })
    void brokenRequestIsRefusedAsTheClientsFault(String request) throws Exception {
        client.send(request);

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isBetween(400, 499);
        BadBodyTest.assertThatNothingLeaks(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: -1", "Content-Length: x", "Content-Length: 1\r\nContent-Length: 2"})
    void lengthThatIsNotOneIsRefusedEvenWithAKey(String length) {
        client.send(client.head("/v1/generate", length) + "{");

        assertThat(client.answer().status()).isEqualTo(400);
        assertThat(client.isClosedByPeer()).isTrue();
    }

    /** Nothing reads the answers, so each further one would wait in memory. */
    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/9.9\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"})
    void malformedHeadsInOneWriteGetOneAnswer(String request) {
        double before = refusals();

        client.send(request.repeat(100));

        assertThat(client.answer().status()).isEqualTo(400);
        assertThat(client.isClosedByPeer()).isTrue();
        assertThat(refusals()).isEqualTo(before + 1);
    }

    private double refusals() {
        return client.service().metric("runnel_refusals_total{code=\"\",type=\"invalid_request_error\"}");
    }

    @Test
    void longRequestLineAndHugeHeadersAreRefused() {
        client.send("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertRefusedAsTooLong();
        client.reconnect();
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
        assertRefusedAsTooLong();
    }

    private void assertRefusedAsTooLong() {
        HttpWire.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.body()).contains("invalid_request_error", "too long");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Request-Id")).startsWith("req_");
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void chunkThatIsBrokenInMidBodyIsRefusedAndEndsTheConnectionOnly() throws Exception {
        client.send(client.head("/v1/generate", "Transfer-Encoding: chunked")).send("7\r\n{\"promp\r\nzz\r\n");

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("body: malformed");
        assertThat(client.isClosedByPeer()).isTrue();
        client.reconnect();
        client.assertItGoesOn();
    }

    @Test
    void brokenChunkDoesNotSpoilTheRequestBeforeIt() throws Exception {
        client.send(client.head("/v1/generate", "Content-Length: " + PROMPT.length())
                + PROMPT
                + client.head("/v1/generate", "Transfer-Encoding: chunked")
                + "zz\r\n");
        client.generator().accept().say("fine").finish();

        assertThat(client.answer().body()).contains("fine");
        assertThat(client.answer().status()).isEqualTo(400);
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void brokenBodyThatIsNotReadEndsTheConnection() {
        client.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client.key()
                + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        assertThat(client.answer().status()).isBetween(200, 400);
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.7|Host: a||',HTTP version: unknown (expected: HTTP/1.0 or HTTP/1.1)",
        "'GET /v1/models HTTP/1.1|Host: a|Host: a||',Host: given twice (expected: once)",
        "'POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||',Transfer-Encoding: not supported (expected:",
        "'POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||',request: malformed (expected: well-formed HTTP",
        "'GET / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||',request: malformed",
        "'GET /v1/models HTTP/1.1|Host: a|: x||',header name: empty",
        "'GET ftp://a/v1/models HTTP/1.1|Host: a||',request target: not HTTP (expected: a path",
        "'GET file:///etc/passwd HTTP/1.1|Host: a||',request target: not HTTP (expected: a path"
    })
    void headThatBreaksARuleOfHttpIsRefusedWithTheRule(String request, String rule) {
        client.send(request.replace("|", "\r\n"));

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"message\":\"" + rule);
        BadBodyTest.assertThatNothingLeaks(answer.body());
        assertThat(client.isClosedByPeer()).isTrue();
    }
}
