package dev.runnel.it;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A client that reads one text after another from any node. A text with an Idempotency-Key goes on after its cursor, at
 * another node, when the connection breaks, the part of the cluster is too small, or, for every second one, no line
 * has come for three seconds.
 */
final class ClusterReader implements Runnable {

    private static final int MAX_TRIES = 200;
    private static final long PAUSE_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** A node answers 503 after five seconds, if another one has the text and does not answer. */
    private static final Duration MAX_WAITS_FOR_A_HEAD = Duration.ofSeconds(8);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Supplier<List<ClusterNodes.Node>> living;
    private final Expected expected;
    private final Counts counts;
    private final CountDownLatch stop;
    private final Random random;
    private int texts;

    /** @param stop open when no further text is to be requested */
    ClusterReader(
            Supplier<List<ClusterNodes.Node>> living,
            Expected expected,
            Counts counts,
            CountDownLatch stop,
            long seed) {
        this.living = living;
        this.expected = expected;
        this.counts = counts;
        this.stop = stop;
        this.random = new Random(seed);
    }

    /** What each text is, and the key that may request it. */
    record Expected(String key, String text, int tokens) {}

    /** What all readers have found. Any thread. */
    static final class Counts {

        final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        final Set<String> problems = ConcurrentHashMap.newKeySet();
        final Set<String> ids = ConcurrentHashMap.newKeySet();
        /** Of texts that were lost. */
        final Set<String> histories = ConcurrentHashMap.newKeySet();

        /** Shows the texts that have not ended. */
        final Set<Supplier<String>> open = ConcurrentHashMap.newKeySet();

        void add(String outcome) {
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    /** One text, as far as it was read. */
    private final class Text {

        private final String idempotencyKey;
        private final boolean isPatient;
        private final StringBuilder read = new StringBuilder();
        private String id = "";
        private String cursor = "";
        private final Queue<String> history = new ConcurrentLinkedQueue<>();
        private boolean isFinished;
        private volatile long lineNanos;

        Text(String idempotencyKey, boolean isPatient) {
            this.idempotencyKey = idempotencyKey;
            this.isPatient = isPatient;
        }

        HttpRequest request(ClusterNodes.Node node) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/generate/stream"))
                    .header("Authorization", "Bearer " + expected.key())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"prompt\":\"x\",\"includeText\":false,\"maxTokens\":" + expected.tokens() + "}"));
            if (!idempotencyKey.isEmpty()) {
                request.header("Idempotency-Key", idempotencyKey);
            }
            if (!isPatient) {
                request.timeout(MAX_WAITS_FOR_A_HEAD);
            }
            if (!cursor.isEmpty()) {
                request.header("Last-Event-ID", cursor);
            }
            return request.build();
        }

        void accepted(HttpResponse<InputStream> response) {
            if (!cursor.isEmpty()) {
                counts.add("resumed");
            }
            id = response.headers().firstValue("X-Generation-Id").orElse("none");
            counts.ids.add(id);
        }

        /** Reads events. Returns the error of the stream, if one came. */
        Optional<JsonObject> readFrom(InputStream body) throws IOException {
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lineNanos = System.nanoTime();
                if (line.startsWith("id: ")) {
                    cursor = line.substring("id: ".length());
                } else if (line.equals("data: [DONE]")) {
                    check(isFinished, "[DONE] without a finishing event");
                    return Optional.empty();
                } else if (line.startsWith("data: ")) {
                    JsonObject event = new JsonObject(line.substring("data: ".length()));
                    if (event.containsKey("error")) {
                        return Optional.of(event.getJsonObject("error"));
                    }
                    event(event);
                }
            }
            throw new IOException("the stream ended without [DONE]");
        }

        /** Closes a stream that says nothing for too long. Another thread reads it. */
        void watch(InputStream body, AtomicBoolean isRead) {
            CompletableFuture.delayedExecutor(PATIENCE.toMillis() / 4, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (isRead.get()) {
                            return;
                        }
                        if (System.nanoTime() - lineNanos < PATIENCE.toNanos()) {
                            watch(body, isRead);
                            return;
                        }
                        counts.add("left after silence");
                        try {
                            body.close();
                        } catch (IOException gone) {
                            // It is closed.
                        }
                    });
        }

        private void event(JsonObject event) {
            read.append(event.getString("delta", ""));
            check(expected.text().startsWith(read.toString()), "another text: " + read);
            String bytes = cursor.replaceFirst("\\..*", "");
            check(bytes.isEmpty() || Integer.parseInt(bytes) == read.length(), "cursor " + cursor);
            if (event.containsKey("finishReason")) {
                isFinished = true;
                check(read.toString().equals(expected.text()), "a text that is not whole: " + read.length());
                Integer used = event.getJsonObject("usage").getInteger("completionTokens");
                check(used == expected.tokens(), "completionTokens: " + used);
            }
        }

        @Override
        public String toString() {
            return idempotencyKey + " " + id + " at cursor " + cursor + ": " + String.join("; ", history);
        }

        void note(ClusterNodes.Node node, String what) {
            history.add(String.format("%s %s at cursor %s: %s", Instant.now(), node.url(), cursor, what));
        }

        void startAgain() {
            counts.add("diverged");
            counts.histories.add("diverged: " + this);
            read.setLength(0);
            cursor = "";
        }

        private void check(boolean isRight, String problem) {
            if (!isRight) {
                counts.problems.add(id + " " + idempotencyKey + ": " + problem);
            }
        }
    }

    @Override
    public void run() {
        while (stop.getCount() > 0) {
            boolean isResumable = random.nextBoolean();
            String idempotencyKey = isResumable ? "text-" + random.nextLong() + "-" + texts++ : "";
            Text text = new Text(idempotencyKey, !isResumable || random.nextBoolean());
            Supplier<String> shown = text::toString;
            counts.open.add(shown);
            counts.add(outcome(text));
            counts.open.remove(shown);
        }
    }

    private String outcome(Text text) {
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            List<ClusterNodes.Node> nodes = living.get();
            ClusterNodes.Node node = nodes.get(random.nextInt(nodes.size()));
            Optional<String> outcome = attempt(text, node);
            if (outcome.isPresent()) {
                if (!outcome.get().startsWith("whole") && !outcome.get().equals("cut")) {
                    counts.histories.add(outcome.get() + ": " + text);
                }
                return outcome.get();
            }
            pause();
        }
        text.check(false, "no end after " + MAX_TRIES + " tries");
        return "given up";
    }

    private void pause() {
        try {
            stop.await(PAUSE_MILLIS + random.nextInt(100), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty if the text is to be requested again. */
    private Optional<String> attempt(Text text, ClusterNodes.Node node) {
        try {
            HttpResponse<InputStream> response =
                    http.send(text.request(node), HttpResponse.BodyHandlers.ofInputStream());
            text.note(node, String.valueOf(response.statusCode()));
            try (InputStream body = response.body()) {
                return response.statusCode() == 200 ? streamed(text, response) : refused(text, body);
            }
        } catch (IOException e) {
            text.note(node, e.toString());
            boolean isPlain = text.idempotencyKey.isEmpty() && !text.id.isEmpty();
            text.check(!isPlain || !living.get().contains(node), "broken by a node that lives: " + e);
            return isPlain ? Optional.of("cut") : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> streamed(Text text, HttpResponse<InputStream> response) throws IOException {
        text.accepted(response);
        boolean isPlain = text.idempotencyKey.isEmpty();
        Optional<JsonObject> error = read(text, response.body());
        if (error.isEmpty()) {
            return Optional.of(isPlain ? "whole" : "whole, with a key");
        }
        String code = code(error.get());
        if (!isPlain && code.equals("cluster")) {
            counts.add("sent elsewhere");
            return Optional.empty();
        }
        return Optional.of("failed: " + code);
    }

    private static Optional<JsonObject> read(Text text, InputStream body) throws IOException {
        if (text.isPatient) {
            return text.readFrom(body);
        }
        AtomicBoolean isRead = new AtomicBoolean();
        text.lineNanos = System.nanoTime();
        text.watch(body, isRead);
        try {
            return text.readFrom(body);
        } finally {
            isRead.set(true);
        }
    }

    private static String code(JsonObject error) {
        return error.getString("code", error.getString("type"));
    }

    /** A refusal is one event too. */
    private Optional<String> refused(Text text, InputStream body) throws IOException {
        Optional<JsonObject> error = text.readFrom(body);
        String code = code(error.orElseThrow());
        counts.add("refused: " + code);
        if (code.equals("diverged")) {
            text.startAgain();
        }
        return Optional.empty();
    }
}
