package dev.runnel.http;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamWire;
import io.vertx.core.http.HttpClientConnection;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A client that opens one stream after another, and leaves each in one of several ways. */
sealed interface DroppingClient {

    /**
     * What it requests: a generation by its key, or also by its id once that is known.
     *
     * @param id empty before the first answer
     * @param known the text that it has already
     */
    record Request(String key, String idempotencyKey, String body, String id, String known) {

        Request after(String newId, String text) {
            return new Request(key, idempotencyKey, body, newId, text);
        }

        private String[] postHeaders() {
            String header = "Idempotency-Key: " + idempotencyKey;
            return known.isEmpty() ? new String[] {header} : new String[] {header, cursor()};
        }

        private String cursor() {
            return "Last-Event-ID: " + known.getBytes(StandardCharsets.UTF_8).length;
        }

        private String path() {
            return "/v1/generate/" + id + "/stream";
        }

        private boolean isById(Random random) {
            return !id.isEmpty() && random.nextBoolean();
        }
    }

    StreamWire open(Request request);

    /** Leaves the stream that was opened last. */
    void leave();

    private static HttpWire send(HttpWire wire, Request request, Random random) {
        return request.isById(random)
                ? wire.get(request.path(), HttpWire.bearer(request.key()), request.cursor())
                : wire.post("/v1/generate/stream", request.key(), request.body(), request.postHeaders());
    }

    /** Closes, resets or half-closes the connection, or leaves it open and reads nothing more. */
    private static void leave(HttpWire wire, Random random, LeftOpen leftOpen) {
        switch (random.nextInt(4)) {
            case 0 -> wire.close();
            case 1 -> wire.reset();
            case 2 -> {
                wire.halfClose();
                leftOpen.add(wire);
            }
            default -> leftOpen.add(wire);
        }
    }

    /** Over HTTP/1.1 without TLS, with a connection for each stream. */
    final class Plain implements DroppingClient {

        private final int port;
        private final Random random;
        private final LeftOpen leftOpen;
        private @Nullable HttpWire wire;

        Plain(int port, Random random, LeftOpen leftOpen) {
            this.port = port;
            this.random = random;
            this.leftOpen = leftOpen;
        }

        @Override
        public StreamWire open(Request request) {
            HttpWire opened = DroppingClient.send(new HttpWire(port), request, random);
            wire = opened;
            return opened;
        }

        @Override
        public void leave() {
            assert wire != null;
            DroppingClient.leave(wire, random, leftOpen);
        }
    }

    /** With TLS, over HTTP/1.1 or HTTP/2 in turn at random. */
    final class WithTls implements DroppingClient {

        private final int port;
        private final SSLContext tls;
        private final Http2Client http2;
        private final Random random;
        private final LeftOpen leftOpen;
        /** One whose last stream was reset. */
        private @Nullable HttpClientConnection idle;

        private Runnable leave = () -> {};

        WithTls(int port, SSLContext tls, Http2Client http2, Random random, LeftOpen leftOpen) {
            this.port = port;
            this.tls = tls;
            this.http2 = http2;
            this.random = random;
            this.leftOpen = leftOpen;
        }

        @Override
        public StreamWire open(Request request) {
            if (random.nextBoolean()) {
                HttpWire wire = DroppingClient.send(new HttpWire(port, tls), request, random);
                leave = () -> DroppingClient.leave(wire, random, leftOpen);
                return wire;
            }
            HttpClientConnection connection = idle == null ? http2.connect(random.nextBoolean()) : idle;
            idle = null;
            Http2Client.Http2Stream stream = send(connection, request);
            leave = () -> leave(connection, stream);
            return stream;
        }

        private Http2Client.Http2Stream send(HttpClientConnection connection, Request request) {
            String bearer = HttpWire.bearer(request.key());
            return request.isById(random)
                    ? http2.get(connection, request.path(), bearer, request.cursor())
                    : http2.post(
                            connection,
                            "/v1/generate/stream",
                            request.body(),
                            ResumeRig.with(bearer, ResumeRig.with(HttpWire.JSON, request.postHeaders())));
        }

        @Override
        public void leave() {
            leave.run();
        }

        /** Resets the stream, closes or resets the connection, or leaves both open and reads nothing more. */
        private void leave(HttpClientConnection connection, Http2Client.Http2Stream stream) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    stream.reset();
                    idle = connection;
                }
                case 1 -> stream.close();
                default -> {
                    stream.pause();
                    leftOpen.add(stream);
                }
            }
        }
    }
}
