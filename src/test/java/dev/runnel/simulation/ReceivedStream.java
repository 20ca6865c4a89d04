package dev.runnel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** The events of one response, checked as they come against what the engines have produced. */
final class ReceivedStream {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";
    private static final String ID = "id: ";
    private static final long NO_CURSOR = -1;

    private final World world;
    private final Requested requested;
    private final boolean includesText;
    private final String name;
    private long cursor = NO_CURSOR;
    /** As it came: with the number of continuations after a point, if there were any. */
    private String lastCursor = "";

    private final StringBuilder text = new StringBuilder();
    private Optional<String> finishReason = Optional.empty();
    private Optional<JsonNode> error = Optional.empty();
    private boolean done;

    ReceivedStream(World world, Requested requested, boolean includesText, String name) {
        this.world = world;
        this.requested = requested;
        this.includesText = includesText;
        this.name = name;
    }

    boolean isTerminated() {
        return done || error.isPresent();
    }

    Optional<JsonNode> error() {
        return error;
    }

    Optional<String> finishReason() {
        return finishReason;
    }

    /** Each chunk is one whole event, or one comment line. */
    void chunk(byte[] bytes) {
        check(!isTerminated(), () -> "a chunk follows the terminal event");
        String event = decoded(bytes);
        if (event.startsWith(":")) {
            check(event.equals(": ping\n"), () -> "a comment is not one line: %s".formatted(event));
            return;
        }
        String withoutId = id(event);
        boolean isOne = withoutId.startsWith(DATA) && event.indexOf("\n\n") == event.length() - 2;
        check(isOne, () -> "a chunk is not one event: " + event);
        payload(withoutId.substring(DATA.length(), withoutId.length() - 2));
    }

    /** Reads the cursor in front of an event, and returns the event without it. */
    private String id(String event) {
        if (!event.startsWith(ID)) {
            cursor = NO_CURSOR;
            return event;
        }
        int end = event.indexOf('\n');
        lastCursor = event.substring(ID.length(), end);
        int point = lastCursor.indexOf('.');
        cursor = Long.parseLong(point < 0 ? lastCursor : lastCursor.substring(0, point));
        return event.substring(end + 1);
    }

    /** The bytes of the text so far: where a client that comes back goes on. */
    long received() {
        return utf8(text);
    }

    /** The cursor of the last event; empty without one. */
    String lastCursor() {
        return lastCursor;
    }

    /** The text so far. */
    String text() {
        return text.toString();
    }

    /** The events of another response of the same generation follow. */
    void goOn() {
        finishReason = Optional.empty();
        error = Optional.empty();
        done = false;
    }

    private static long utf8(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            world.rules().fail(name + ": a code point is cut in two");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private void payload(String payload) {
        check(!isTerminated(), () -> "an event follows the terminal event: %s".formatted(payload));
        if (payload.equals("[DONE]")) {
            check(finishReason.isPresent(), () -> "[DONE] without a finish reason");
            done = true;
            return;
        }
        check(finishReason.isEmpty(), () -> "an event follows the finish reason: %s".formatted(payload));
        try {
            event(JSON.readTree(payload));
        } catch (JsonProcessingException e) {
            world.rules().fail(name + ": an event is not JSON: " + payload);
        }
    }

    private void event(JsonNode event) {
        if (event.has("error")) {
            error = Optional.of(event.get("error"));
            world.steps().add(name, "error " + event.get("error").path("type").asText());
            return;
        }
        text.append(event.path("delta").asText());
        check(
                requested.isResumable() == (cursor != NO_CURSOR),
                () -> "an event has a cursor, and its request no key, or the reverse");
        check(
                cursor == NO_CURSOR || cursor == utf8(text),
                () -> "cursor " + cursor + " after " + utf8(text) + " bytes");
        if (includesText) {
            check(event.path("text").asText().contentEquals(text), () -> "text is not the sum of the deltas");
        } else {
            check(!event.has("text"), () -> "text was not asked for");
        }
        check(
                world.reference().isProduced(requested.number(), text),
                () -> "received what no engine has produced, %d characters".formatted(text.length()));
        if (event.has("finishReason")) {
            finished(event.get("finishReason").asText());
        }
    }

    private void finished(String reason) {
        finishReason = Optional.of(reason);
        world.steps().add(name, "finished " + reason);
        if (reason.equals("cancelled")) {
            check(requested.isDeleted(), () -> "cancelled, and no one has asked for it");
            return;
        }
        check(reason.equals("stop") || reason.equals("length"), () -> "finished by %s".formatted(reason));
        check(
                world.reference().isComplete(requested.number(), text),
                () -> "finished without the whole text, after %d characters".formatted(text.length()));
    }

    private void check(boolean holds, Supplier<String> rule) {
        if (!holds) {
            world.rules().fail(name + ": " + rule.get());
        }
    }
}
