package dev.runnel.http;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamWire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients of HTTP/2 with TLS, which read streams event by event. */
final class Http2Client {

    private static final long CANCEL = 8;
    private static final int WAIT_SECONDS = 20;

    private final HttpClientAgent orderly;
    /** Its connections end with a reset of TCP: what is under way is lost. */
    private final HttpClientAgent abrupt;

    private final int port;

    /** Its connections are closed with Vert.x. */
    Http2Client(Vertx vertx, int port) {
        this.orderly = vertx.createHttpClient(options());
        this.abrupt = vertx.createHttpClient(options().setSoLinger(0));
        this.port = port;
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setSsl(true)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false);
    }

    /** @param abruptly whether it ends with a reset when it is closed */
    HttpClientConnection connect(boolean abruptly) {
        return awaited((abruptly ? abrupt : orderly)
                .connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(port)));
    }

    Http2Stream post(HttpClientConnection connection, String path, String json, String... headers) {
        return send(connection, HttpMethod.POST, path, json, headers);
    }

    Http2Stream get(HttpClientConnection connection, String path, String... headers) {
        return send(connection, HttpMethod.GET, path, "", headers);
    }

    private static Http2Stream send(
            HttpClientConnection connection, HttpMethod method, String path, String body, String... headers) {
        RequestOptions options = new RequestOptions().setMethod(method).setURI(path);
        for (String header : headers) {
            String[] parts = header.split(": *", 2);
            options.addHeader(parts[0], parts[1]);
        }
        return awaited(connection
                .request(options)
                .compose(request -> request.send(Buffer.buffer(body))
                        // On the connection's event loop, so that no bytes come before their handler.
                        .map(response -> new Http2Stream(request, response))));
    }

    private static <T> T awaited(Future<T> future) {
        try {
            return future.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came within " + WAIT_SECONDS + " s", e);
        }
    }

    /** One answer. */
    static final class Http2Stream implements StreamWire {

        private static final String EVENT_END = "\n\n";

        private final HttpClientRequest request;
        private final HttpClientResponse response;
        /** An empty one is the end. */
        private final BlockingQueue<Optional<String>> events = new LinkedBlockingQueue<>();

        /** For the event loop. It cuts at bytes of ASCII only. */
        private String rest = "";

        Http2Stream(HttpClientRequest request, HttpClientResponse response) {
            this.request = request;
            this.response = response;
            response.handler(this::received);
            response.endHandler(end -> events.add(Optional.empty()));
            response.exceptionHandler(broken -> events.add(Optional.empty()));
        }

        private void received(Buffer bytes) {
            rest += bytes.toString(StandardCharsets.ISO_8859_1);
            int end = rest.indexOf(EVENT_END);
            while (end >= 0) {
                events.add(Optional.of(rest.substring(0, end + EVENT_END.length())));
                rest = rest.substring(end + EVENT_END.length());
                end = rest.indexOf(EVENT_END);
            }
        }

        @Override
        public HttpWire.Answer head() {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            MultiMap received = response.headers();
            received.names().forEach(name -> headers.put(name, received.get(name)));
            return new HttpWire.Answer(response.statusCode(), headers, List.of());
        }

        @Override
        public Optional<byte[]> chunk() {
            try {
                Optional<String> next = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing came within " + WAIT_SECONDS + " s");
                }
                return next.map(event -> event.getBytes(StandardCharsets.ISO_8859_1));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** Ends this stream alone. */
        void reset() {
            request.reset(CANCEL);
        }

        /** Reads no more, and leaves stream and connection open. */
        void pause() {
            response.pause();
        }

        /** Closes the connection, with all its streams. */
        @Override
        public void close() {
            request.connection().close();
        }
    }
}
