package dev.runnel.it;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An OpenAI-compatible server with one text. It sends the first half and waits. A request whose last message has
 * {@code prefix: true} gets the rest of the text after that message at once.
 */
final class HalfwayUpstream implements AutoCloseable {

    static final int TOKENS = 200;

    private static final List<String> WORDS =
            IntStream.range(0, TOKENS).mapToObj(i -> "word" + i + " ").toList();
    private static final int HALF = TOKENS / 2;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    /** Guarded by this. */
    private final List<HttpServerResponse> waiting = new ArrayList<>();
    /** Guarded by this. */
    private boolean released;

    HalfwayUpstream() throws TimeoutException {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body()
                        .onSuccess(body -> answer(request, body.toJsonObject().getJsonArray("messages"))))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
    }

    private synchronized void answer(HttpServerRequest request, JsonArray messages) {
        HttpServerResponse response = request.response().setChunked(true);
        response.putHeader("Content-Type", "text/event-stream");
        JsonObject last = messages.getJsonObject(messages.size() - 1);
        if (last.getBoolean("prefix", false)) {
            int words = last.getString("content").split(" ").length;
            // Its own white space is at the end of the message, where templates remove it.
            response.write(delta(" " + WORDS.get(words)));
            response.end(deltas(words + 1, TOKENS) + end());
        } else if (released) {
            response.end(deltas(0, TOKENS) + end());
        } else {
            response.write(deltas(0, HALF));
            waiting.add(response);
        }
    }

    private static String deltas(int from, int end) {
        return WORDS.subList(from, end).stream().map(HalfwayUpstream::delta).collect(Collectors.joining());
    }

    private static String delta(String text) {
        return event(new JsonObject().put("content", text), null);
    }

    private static String end() {
        return event(new JsonObject(), "stop") + "data: [DONE]\n\n";
    }

    private static String event(JsonObject delta, String finish) {
        JsonObject choice = new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
        return "data: " + new JsonObject().put("choices", new JsonArray().add(choice)) + "\n\n";
    }

    static String text() {
        return String.join("", WORDS);
    }

    /** How many have got the first half. */
    synchronized int halves() {
        return waiting.size();
    }

    /** Sends the rest to those that wait still, and the whole text to each further request. */
    synchronized void release() {
        released = true;
        waiting.forEach(response -> response.end(deltas(HALF, TOKENS) + end()));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
