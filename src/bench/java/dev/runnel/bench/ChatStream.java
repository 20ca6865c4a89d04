package dev.runnel.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.List;

/** One stream of {@code POST /v1/chat/completions} of any server, with the moment at which each piece of text came. */
final class ChatStream {

    private final long startedNanos = System.nanoTime();
    private final List<Long> pieceNanos = new ArrayList<>();
    private final Promise<Void> firstPiece = Promise.promise();
    private final Promise<ChatStream> end = Promise.promise();
    private final HttpClientRequest request;
    private long endedNanos;
    private int completionTokens;

    private ChatStream(HttpClientRequest request) {
        this.request = request;
    }

    /** Requests one answer; completes when the request is sent. */
    static Future<ChatStream> start(HttpClient client, ChatServer server, String prompt, int seed, int maxTokens) {
        JsonObject body = new JsonObject()
                .put("model", server.model())
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", prompt)))
                .put("seed", seed)
                .put("temperature", 0.2)
                .put("top_p", 0.9)
                .put("max_tokens", maxTokens)
                .put("stream", true)
                .put("stream_options", JsonObject.of("include_usage", true));
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(server.url() + "/v1/chat/completions")
                .putHeader("Authorization", "Bearer " + server.key())
                .putHeader("Content-Type", "application/json");
        return client.request(options).map(request -> {
            var stream = new ChatStream(request);
            request.send(body.toBuffer()).onSuccess(stream::read).onFailure(stream.end::tryFail);
            return stream;
        });
    }

    private void read(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            response.body().onSuccess(body -> end.tryFail(response.statusCode() + " " + body));
            return;
        }
        response.handler(RecordParser.newDelimited("\n\n", event -> event(event.toString())));
        response.exceptionHandler(end::tryFail);
        response.endHandler(ended -> end.tryFail("the stream was cut"));
    }

    private void event(String event) {
        if (event.equals("data: [DONE]")) {
            endedNanos = System.nanoTime();
            end.tryComplete(this);
        } else if (event.startsWith("data: ")) {
            chunk(new JsonObject(event.substring("data: ".length())));
        }
    }

    private void chunk(JsonObject chunk) {
        JsonObject usage = chunk.getJsonObject("usage");
        if (usage != null) {
            completionTokens = usage.getInteger("completion_tokens");
        }
        JsonArray choices = chunk.getJsonArray("choices", JsonArray.of());
        if (!choices.isEmpty() && hasText(choices.getJsonObject(0).getJsonObject("delta"))) {
            pieceNanos.add(System.nanoTime());
            firstPiece.tryComplete();
        }
    }

    private static boolean hasText(JsonObject delta) {
        String content = delta.getString("content");
        return content != null && !content.isEmpty();
    }

    Future<Void> firstPiece() {
        return firstPiece.future();
    }

    Future<ChatStream> end() {
        return end.future();
    }

    /** Closes the connection, as a client that leaves does. */
    void abort() {
        request.connection().close();
        end.tryFail("aborted");
    }

    /** The server's own count. */
    int tokens() {
        return completionTokens;
    }

    /** When the last event came, in nanoseconds. */
    long endedNanos() {
        return endedNanos;
    }

    double firstPieceMillis() {
        return (pieceNanos.get(0) - startedNanos) / 1e6;
    }

    /** The longest time between two pieces of which the later one came after {@code sinceNanos}. */
    double longestGapMillis(long sinceNanos) {
        long longest = 0;
        for (int i = 1; i < pieceNanos.size(); i++) {
            if (pieceNanos.get(i) >= sinceNanos) {
                longest = Math.max(longest, pieceNanos.get(i) - pieceNanos.get(i - 1));
            }
        }
        return longest / 1e6;
    }
}
