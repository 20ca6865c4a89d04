package dev.runnel.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many clients of one service, most with a stream and some with one answer, each with a connection of its own. */
final class DrainClients {

    private static final String STREAM = "/v1/generate/stream";
    private static final String ANSWER = "/v1/generate";
    /** One in so many asks for a whole answer. */
    private static final int STREAMS_PER_ANSWER = 10;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final List<String> keys;
    private final List<CompletableFuture<HttpResponse<byte[]>>> open = new ArrayList<>();
    private CountDownLatch begun = new CountDownLatch(0);

    private int finished;
    private int toldToComeBack;

    DrainClients(int port, List<String> keys) {
        this.port = port;
        this.keys = keys;
    }

    /** Opens so many streams, and an answer for every ten of them. */
    void open(int streams, int tokens) {
        begun = new CountDownLatch(streams);
        String body = "{\"prompt\":\"x\",\"maxTokens\":" + tokens + "}";
        for (int i = 0; i < streams; i++) {
            String key = keys.get(i % keys.size());
            open.add(http.sendAsync(request(STREAM, key, body), this::heard));
            if (i % STREAMS_PER_ANSWER == 0) {
                open.add(http.sendAsync(request(ANSWER, key, body), HttpResponse.BodyHandlers.ofByteArray()));
            }
        }
    }

    private HttpRequest request(String path, String key, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** A head that came is a generation that was taken: it streams, or waits in the queue. */
    private HttpResponse.BodySubscriber<byte[]> heard(HttpResponse.ResponseInfo head) {
        begun.countDown();
        return BodySubscribers.ofByteArray();
    }

    void awaitAllUnderWay() {
        try {
            if (!begun.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError(begun.getCount() + " streams did not begin");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a client still waits for the end of an answer. */
    boolean areUnderWay() {
        return open.stream().anyMatch(answer -> !answer.isDone());
    }

    /** Waits until every client has what it will get; one line for each that has not what it was promised. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (CompletableFuture<HttpResponse<byte[]>> each : open) {
            try {
                HttpResponse<byte[]> response =
                        each.orTimeout(10, TimeUnit.SECONDS).join();
                count(response, problems);
            } catch (CompletionException | AssertionError e) {
                problems.add(String.valueOf(e));
            }
        }
        return problems;
    }

    private void count(HttpResponse<byte[]> response, List<String> problems) {
        if (response.uri().getPath().equals(STREAM)) {
            Streamed streamed = StreamRules.check(response.body());
            if (streamed.finished().isPresent()) {
                finished++;
            } else if (saysDraining(streamed.error().orElseThrow())) {
                toldToComeBack++;
            } else {
                problems.add(streamed.error().toString());
            }
            return;
        }
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() == 200 && body.contains("\"finishReason\":\"length\"")) {
            finished++;
        } else if (response.statusCode() == 503
                && body.contains("\"code\":\"draining\"")
                && response.headers().firstValue("Retry-After").isPresent()) {
            toldToComeBack++;
        } else {
            problems.add(response.statusCode() + " " + body);
        }
    }

    private static boolean saysDraining(JsonNode error) {
        return error.path("type").asText().equals("overloaded_error")
                && error.path("code").asText().equals("draining");
    }

    int finished() {
        return finished;
    }

    int toldToComeBack() {
        return toldToComeBack;
    }
}
