package dev.runnel.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.List;

/** One stream, read over HTTP, with the moment at which each event came. For the context it was started on. */
final class TimedStream {

    private final long startedNanos = System.nanoTime();
    private final List<Long> eventNanos = new ArrayList<>();
    private final Promise<Void> firstEvent = Promise.promise();
    private final Promise<TimedStream> end = Promise.promise();
    private final HttpClientRequest request;
    private boolean done;
    private int completionTokens;
    private int promptTokens;
    private String lastEvent = "";

    private TimedStream(HttpClientRequest request) {
        this.request = request;
    }

    /** Asks for one generation; completes when the request is on its way. */
    static Future<TimedStream> start(HttpClient client, int port, String key, JsonObject body) {
        return client.request(HttpMethod.POST, port, "127.0.0.1", "/v1/generate/stream")
                .map(request -> {
                    var stream = new TimedStream(request);
                    request.putHeader("Authorization", "Bearer " + key).putHeader("Content-Type", "application/json");
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
        response.endHandler(ended -> {
            if (done) {
                end.tryComplete(this);
            } else {
                end.tryFail("the stream was cut");
            }
        });
    }

    /** Only the terminal event has a finish reason. */
    private void event(String event) {
        if (event.equals("data: [DONE]")) {
            done = true;
        } else if (event.startsWith("data: {\"error\"")) {
            end.tryFail(event);
        } else if (event.contains("\"finishReason\":")) {
            lastEvent = event;
            JsonObject usage = json(event).getJsonObject("usage");
            completionTokens = usage.getInteger("completionTokens");
            promptTokens = usage.getInteger("promptTokens");
        } else if (!event.startsWith(":")) {
            eventNanos.add(System.nanoTime());
            firstEvent.tryComplete();
        }
    }

    private static JsonObject json(String event) {
        return new JsonObject(event.substring("data: ".length()));
    }

    Future<Void> firstEvent() {
        return firstEvent.future();
    }

    Future<TimedStream> end() {
        return end.future();
    }

    /** Closes the connection, as a client that leaves does. */
    void abort() {
        request.connection().close();
        end.tryFail("aborted");
    }

    /** The engine's own count. */
    int tokens() {
        return completionTokens;
    }

    int promptTokens() {
        return promptTokens;
    }

    /** The whole text, of a stream that has ended. */
    String text() {
        return json(lastEvent).getString("text");
    }

    double firstEventMillis() {
        return (eventNanos.get(0) - startedNanos) / 1e6;
    }

    /** The longest time between two events of which the later one came after {@code sinceNanos}. */
    double longestGapMillis(long sinceNanos) {
        long longest = 0;
        for (int i = 1; i < eventNanos.size(); i++) {
            if (eventNanos.get(i) >= sinceNanos) {
                longest = Math.max(longest, eventNanos.get(i) - eventNanos.get(i - 1));
            }
        }
        return longest / 1e6;
    }
}
