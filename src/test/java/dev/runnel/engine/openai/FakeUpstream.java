package dev.runnel.engine.openai;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real HTTP server that answers as a test says, and remembers what it was asked. */
public final class FakeUpstream implements AutoCloseable {

    private static final int SECONDS = 10;

    /** One request, its body read. */
    public record Ask(HttpServerRequest request, String body) {

        JsonObject json() {
            return new JsonObject(body);
        }

        HttpServerResponse response() {
            return request.response();
        }

        /** Sends the head of a stream. */
        HttpServerResponse begin() {
            HttpServerResponse response = response().putHeader("Content-Type", "text/event-stream");
            response.setChunked(true);
            response.writeHead();
            return response;
        }

        /** A whole stream in one chunk. */
        public void stream(String... events) {
            begin().end(String.join("", events));
        }

        public void status(int status, String body) {
            response().setStatusCode(status).end(body);
        }
    }

    private final HttpServer server;
    private final String scheme;
    private final Queue<Handler<Ask>> once = new ConcurrentLinkedQueue<>();
    private final List<Ask> asked = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ask> arriving = new LinkedBlockingQueue<>();
    private volatile Handler<Ask> always;

    public FakeUpstream(Vertx vertx, Handler<Ask> always) throws TimeoutException {
        this(vertx, new HttpServerOptions(), always);
    }

    FakeUpstream(Vertx vertx, HttpServerOptions options, Handler<Ask> always) throws TimeoutException {
        this.always = always;
        this.scheme = options.isSsl() ? "https" : "http";
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::accept)
                .connectionHandler(connection -> connection.closeHandler(v -> gone.add("connection")))
                .listen(0, "127.0.0.1")
                .await(SECONDS, TimeUnit.SECONDS);
    }

    /** One that answers with {@link #TWO_WORDS}, their usage and the end. */
    static FakeUpstream ofTwoWords(Vertx vertx) throws TimeoutException {
        return new FakeUpstream(vertx, ask -> ask.stream(TWO_WORDS, usage(4, 2), DONE));
    }

    private void accept(HttpServerRequest request) {
        request.response().exceptionHandler(cause -> gone.add("stream"));
        request.body().onSuccess(body -> {
            Ask ask = new Ask(request, body.toString());
            asked.add(ask);
            arriving.add(ask);
            Handler<Ask> next = once.poll();
            (next == null ? always : next).handle(ask);
        });
    }

    public int port() {
        return server.actualPort();
    }

    public String url() {
        return scheme + "://127.0.0.1:" + port() + "/v1";
    }

    /** Answers the next request so. */
    public FakeUpstream next(Handler<Ask> answer) {
        once.add(answer);
        return this;
    }

    /** Answers every further request so. */
    public void always(Handler<Ask> answer) {
        always = answer;
    }

    public List<Ask> asked() {
        return asked;
    }

    /** Waits for a request. */
    Ask awaitAsk() throws InterruptedException {
        Ask ask = arriving.poll(SECONDS, TimeUnit.SECONDS);
        if (ask == null) {
            throw new AssertionError("no request came");
        }
        return ask;
    }

    /** Waits until the other side has closed a connection. */
    void awaitClosedConnection() throws InterruptedException {
        while (!awaitGone().equals("connection")) {
            // A stream was closed; its connection follows.
        }
    }

    /** Waits until the other side has closed a connection or a stream. */
    String awaitGone() throws InterruptedException {
        String what = gone.poll(SECONDS, TimeUnit.SECONDS);
        if (what == null) {
            throw new AssertionError("nothing was closed");
        }
        return what;
    }

    /** What was closed and not waited for. */
    List<String> gone() {
        return List.copyOf(gone);
    }

    @Override
    public void close() throws TimeoutException {
        server.close().await(SECONDS, TimeUnit.SECONDS);
    }

    /** A stream of two deltas, up to its finish reason. */
    static final String TWO_WORDS = delta("Once") + delta(" upon") + finish("stop");

    /** An event of {@code chat/completions} with a text. */
    public static String delta(String text) {
        return event(new JsonObject().put("content", text), null);
    }

    public static String finish(String reason) {
        return event(new JsonObject(), reason);
    }

    public static String usage(int promptTokens, int completionTokens) {
        return "data: "
                + new JsonObject()
                        .put("choices", new JsonArray())
                        .put(
                                "usage",
                                new JsonObject()
                                        .put("prompt_tokens", promptTokens)
                                        .put("completion_tokens", completionTokens))
                + "\n\n";
    }

    public static final String DONE = "data: [DONE]\n\n";

    static String event(JsonObject delta, String finish) {
        JsonObject choice = new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
        return "data: "
                + new JsonObject()
                        .put("id", "chatcmpl-1")
                        .put("object", "chat.completion.chunk")
                        .put("created", 1)
                        .put("model", "m")
                        .put("choices", new JsonArray().add(choice))
                + "\n\n";
    }
}
