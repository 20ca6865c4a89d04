package dev.runnel.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One generation of a {@link ReferenceServer}: a text that grows on a thread of its own, and its end. */
final class ReferenceGeneration {

    private static final long INTERVAL_MILLIS = 20;

    private final String id;
    private final String caller;
    private final JsonNode request;
    private final StringBuilder text = new StringBuilder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private JsonNode end;
    private int tokens;

    ReferenceGeneration(String id, String caller, JsonNode request) {
        this.id = id;
        this.caller = caller;
        this.request = request;
    }

    String id() {
        return id;
    }

    String caller() {
        return caller;
    }

    JsonNode request() {
        return request;
    }

    String model() {
        return request.path("model").asText("text");
    }

    boolean includesText() {
        return request.path("includeText").asBoolean(true);
    }

    private List<String> pieces() {
        return switch (model()) {
            case "echo" ->
                request.path("prompt")
                        .asText()
                        .codePoints()
                        .mapToObj(Character::toString)
                        .toList();
            case "slow", "single" -> List.of("on ", "and ");
            default -> List.of("Once ", "upon ", "a ", "time ", "caf\u00e9");
        };
    }

    private boolean isPaced() {
        return model().equals("slow") || model().equals("single");
    }

    /** Generates the whole text; ends early when it is cancelled. */
    void run() throws InterruptedException {
        List<String> pieces = pieces();
        int most = request.path("maxTokens").asInt(256);
        boolean isOver = model().equals("dead");
        while (!isOver) {
            isOver = !add(pieces.get(tokens % pieces.size()));
            if (tokens == most) {
                finish("length");
            } else if (!isPaced() && tokens == pieces.size() && !model().equals("failing")) {
                finish("stop");
            }
            isOver |= model().equals("failing") && tokens == 3;
            if (isPaced()) {
                isOver |= ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        fail();
    }

    private synchronized boolean add(String piece) {
        if (end == null) {
            text.append(piece);
            tokens++;
            notifyAll();
        }
        return end == null;
    }

    synchronized void finish(String reason) {
        if (end == null) {
            ObjectNode finish = JsonNodeFactory.instance.objectNode().put("finishReason", reason);
            finish.putObject("usage")
                    .put("promptTokens", 2)
                    .put("completionTokens", tokens)
                    .put("totalTokens", tokens + 2);
            end = finish;
            ended.countDown();
            notifyAll();
        }
    }

    synchronized void fail() {
        if (end == null) {
            ObjectNode failure = JsonNodeFactory.instance.objectNode();
            failure.putObject("error").put("type", "api_error").put("message", "the engine failed; try again");
            end = failure;
            ended.countDown();
            notifyAll();
        }
    }

    synchronized String text() {
        return text.toString();
    }

    /** The members of the last event; empty while it runs. */
    synchronized Optional<JsonNode> end() {
        return Optional.ofNullable(end);
    }

    synchronized boolean hasFailed() {
        return end != null && end.has("error");
    }

    /** Waits until the text is longer than this, or it is over. */
    synchronized void awaitMore(int characters) throws InterruptedException {
        while (end == null && text.length() <= characters) {
            wait();
        }
    }

    synchronized void awaitEnd() throws InterruptedException {
        while (end == null) {
            wait();
        }
    }

    /** The number of characters before a cursor; empty if the cursor is not between two code points of the text. */
    synchronized Optional<Integer> characters(String cursor) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (!cursor.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        int n = Integer.parseInt(cursor);
        boolean isPlace = n <= bytes.length && (n == bytes.length || (bytes[n] & 0xC0) != 0x80);
        return isPlace ? Optional.of(new String(bytes, 0, n, StandardCharsets.UTF_8).length()) : Optional.empty();
    }
}
