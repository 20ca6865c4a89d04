package dev.runnel.net.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.CorruptedFrameException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain client of Vert.x, and responses that arrive in two writes. */
@ExtendWith(VertxExtension.class)
class ChunkedBodyTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String LAST = "0\r\n\r\n";
    private static final int BUFFER_BYTES = 64;

    private final AtomicInteger connections = new AtomicInteger();
    private final ReadBuffer reads = new ReadBuffer(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private Vertx vertx;
    private Context context;
    private NetServer server;
    private HttpClient client;
    private volatile String answer = "";
    private volatile int cut;

    /** What a response brought: the bytes by the reader, and those by Vert.x. */
    private static final class Received {
        final StringBuilder direct = new StringBuilder();
        final StringBuilder general = new StringBuilder();

        String all() {
            return direct.toString() + general;
        }
    }

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        context = vertx.getOrCreateContext();
        server = vertx.createNetServer()
                .connectHandler(socket -> {
                    connections.incrementAndGet();
                    socket.handler(request -> answer(socket));
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        client = vertx.createHttpClient();
    }

    private void answer(NetSocket socket) {
        Buffer whole = Buffer.buffer(answer);
        int first = Math.min(cut, whole.length());
        socket.write(whole.slice(0, first))
                .compose(written -> vertx.timer(1))
                .compose(waited -> socket.write(whole.slice(first, whole.length())));
    }

    private Received receive() throws Exception {
        var received = new Received();
        return receive(
                received,
                (in, from, end) ->
                        received.direct.append(new String(in, from, end - from, StandardCharsets.ISO_8859_1)));
    }

    private Received receive(Received received, ChunkedBody.Reader reader) throws Exception {
        return ((ContextInternal) context)
                .succeededFuture()
                .compose(turn -> client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/"))
                .compose(request -> send(request, received, reader))
                .map(received)
                .await(20, TimeUnit.SECONDS);
    }

    private Future<Void> send(HttpClientRequest request, Received received, ChunkedBody.Reader reader) {
        var body = ChunkedBody.before(request, context, reads, bytes).orElseThrow();
        return request.send().compose(response -> {
            body.readWith(reader);
            return end(response, received);
        });
    }

    private static Future<Void> end(HttpClientResponse response, Received received) {
        response.handler(buffer -> received.general.append(buffer.toString(StandardCharsets.ISO_8859_1)));
        return response.end();
    }

    @Test
    void bodyIsReadDirectlyWhereverItIsCut() throws Exception {
        answer = HEAD + "5\r\nHello\r\n2\r\n, \r\n5\r\nworld\r\n" + LAST;
        for (int at = 1; at < answer.length(); at++) {
            cut = at;
            Received received = receive();

            assertThat(received.direct.toString()).as("cut at " + at).isEqualTo("Hello, world");
            assertThat(received.general.toString()).as("cut at " + at).isEmpty();
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void bodyMayBeLongerThanTheBuffers() throws Exception {
        String text = "0123456789".repeat(100);
        answer = HEAD + "3e8\r\n" + text + "\r\n" + LAST;
        cut = HEAD.length() + 30;

        assertThat(receive().direct.toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 100 Continue\r\n\r\n%sb\r\nHello world\r\n", "%s6\r\nHello \r\n5;a=b\r\nworld\r\n"})
    void bodyOfAnotherFormTakesTheGeneralPath(String form) throws Exception {
        answer = form.formatted(HEAD) + LAST;
        for (int at = 1; at < answer.length(); at += 3) {
            cut = at;
            Received received = receive();

            assertThat(received.all()).as("cut at " + at).isEqualTo("Hello world");
            assertThat(received.general.toString()).as("cut at " + at).endsWith("world");
        }
        assertThat(connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 'ab'", "2, 'Hello'"})
    void chunkThatDoesNotEndWhereItsSizeSaysFailsTheResponse(String size, String data) {
        answer = HEAD + size + "\r\n" + data + "\r\n" + LAST;
        cut = HEAD.length();

        assertThatThrownBy(this::receive).isInstanceOf(CorruptedFrameException.class);
    }

    @Test
    void readerThatThrowsFailsItsResponseAndTheContextGetsWhatItThrew() {
        answer = HEAD + "5\r\nHello\r\n" + LAST;
        cut = HEAD.length();
        var thrown = new IllegalStateException("a reader that fails");
        var seen = new CompletableFuture<Throwable>();
        context.exceptionHandler(seen::complete);

        assertThatThrownBy(() -> receive(new Received(), (in, from, end) -> {
                    throw thrown;
                }))
                .isInstanceOf(CorruptedFrameException.class);
        assertThat(seen).isCompletedWithValue(thrown);
    }
}
