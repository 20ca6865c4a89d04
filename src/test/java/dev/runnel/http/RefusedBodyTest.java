package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that still send when they get a refusal: they see it, and then the end of the connection and no reset. */
class RefusedBodyTest {

    private static final int LARGE = 1 << 20;
    private static final int SMALL = 60_000;
    private static final String PATH = "/v1/generate/stream";

    @AutoClose
    private TestService service;

    @AutoClose
    private HttpWire client;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start();
        client = new HttpWire(service.port());
    }

    private HttpWire.Answer refusal(int bodyBytes) {
        return client.send(HttpWire.requestHead("POST", PATH, HttpWire.JSON, "Content-Length: " + bodyBytes))
                .answer();
    }

    private void assertDiscarded(int bytes) {
        await().until(() -> service.metric("runnel_discards_running") == 0);
        assertThat(service.metric("runnel_discarded_bytes_total")).isEqualTo(bytes);
        assertThat(service.metric("runnel_discards_cut_total")).isZero();
    }

    @Test
    void connectionEndsAfterALargeBody() {
        HttpWire.Answer refusal = refusal(LARGE);
        client.send("x".repeat(LARGE));

        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.header("Connection")).isEqualTo("close");
        assertThat(client.isEndedByPeer()).isTrue();
        assertDiscarded(LARGE);
    }

    @Test
    void connectionIsKeptAfterASmallBody() {
        HttpWire.Answer refusal = refusal(SMALL);
        client.send("x".repeat(SMALL));

        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.header("Connection")).isEmpty();
        assertThat(client.get("/v1/models").answer().status()).isEqualTo(401);
        assertDiscarded(SMALL);
    }

    @Test
    void connectionIsCutWhenABodyDoesNotCome() {
        refusal(LARGE);

        assertThat(client.isClosedByPeer()).isTrue();
        assertThat(service.metric("runnel_discards_cut_total")).isEqualTo(1);
        assertThat(service.metric("runnel_discards_running")).isZero();
    }

    /** The next request was sent before the client could know of the end. */
    @Test
    void requestAfterABodyThatEndsTheConnectionIsDroppedWithoutAReset() {
        refusal(LARGE);
        client.send(
                "x".repeat(LARGE) + HttpWire.requestHead("GET", "/v1/models").repeat(1000));

        assertThat(client.isEndedByPeer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n", "TOO LONG"})
    void clientThatStillSendsAfterAnUndecodableHeadSeesNoReset(String head) {
        client.send(head.equals("TOO LONG") ? HttpWire.requestHead("GET", "/", "X: " + "x".repeat(30_000)) : head);

        HttpWire.Answer refusal = client.answer();
        client.send("x".repeat(SMALL)).send("x".repeat(SMALL));

        assertThat(refusal.status()).isBetween(400, 431);
        assertThat(refusal.header("Connection")).isEqualTo("close");
        assertThat(client.isEndedByPeer()).isTrue();
    }

    @Test
    void connectionOfAClientThatSendsWithoutEndAfterAnUndecodableHeadIsClosed() {
        client.send("GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n");

        assertThat(client.answer().status()).isEqualTo(400);
        assertThat(client.isClosedByPeer()).isTrue();
    }
}
