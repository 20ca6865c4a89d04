package dev.runnel.warmup;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The upstream server of the {@link WarmUp}. It sends the same short text in every response, one event per beat, so
 * that a read contains one event, as it usually does. For one event loop.
 */
final class WarmUpUpstream {

    /** Few, so that the usual warm-up starts and ends some thousand streams, which the JVM needs to stop profiling. */
    private static final int TOKENS = 4;

    private static final long BEAT_MILLIS = 2;

    private static final Buffer TOKEN = Buffer.buffer("""
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"warm-up",\
        "choices":[{"index":0,"delta":{"content":" \\"word\\""},"finish_reason":null}]}

        """);
    private static final Buffer END = Buffer.buffer("""
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"warm-up",\
        "choices":[{"index":0,"delta":{},"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":8,"completion_tokens":4,"total_tokens":12}}

        data: [DONE]

        """);

    private final Queue<Stream> streams = new ArrayDeque<>();

    private static final class Stream {
        final HttpServerResponse response;
        int tokens;

        Stream(HttpServerResponse response) {
            this.response = response;
        }

        /** Sends one event; returns whether the stream continues. */
        boolean beat() {
            if (response.closed()) {
                return false;
            }
            if (tokens++ < TOKENS) {
                response.write(TOKEN);
                return true;
            }
            response.end(END);
            return false;
        }
    }

    private WarmUpUpstream() {}

    /** Completes with the port. The server closes with its Vert.x. */
    static Future<Integer> listen(Vertx vertx) {
        var upstream = new WarmUpUpstream();
        vertx.setPeriodic(BEAT_MILLIS, beat -> upstream.beat());
        return vertx.createHttpServer()
                .requestHandler(upstream::answer)
                .listen(0, "127.0.0.1")
                .map(server -> server.actualPort());
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        request.end().onSuccess(read -> streams.add(new Stream(response)));
    }

    private void beat() {
        streams.removeIf(stream -> !stream.beat());
    }
}
