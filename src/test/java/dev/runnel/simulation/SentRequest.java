package dev.runnel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, and its response as far as it has come, checked against the rules of the API. If the text is
 * resumable, the client may send the request several times, and reads on where it was.
 */
final class SentRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";
    private static final int OK = 200;

    private final World world;
    private final Scene scene;
    private final String client;
    private final RequestedText text;
    private final boolean streams;
    private final boolean includesText;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private ReceivedStream stream;
    private RequestedText.@Nullable Reading reading;
    private long sentNanos;
    private boolean isWhole = true;
    private int status;
    private String generationId = "";
    /** Whether the request that was sent last asks for the rest of a generation. */
    private boolean goesOn;

    private boolean asksById;
    /** Whether the response says that asking again can help. */
    private boolean mayRetry;

    private boolean closesConnection;
    private boolean answered;

    SentRequest(World world, Scene scene, String client, RequestedText text, Choices.Draws draws) {
        this.world = world;
        this.scene = scene;
        this.client = client;
        this.text = text;
        this.streams = draws.chance(0.85);
        this.includesText = draws.chance(0.6);
        this.sentNanos = world.clock().nanoTime();
        this.stream = newStream();
    }

    private ReceivedStream newStream() {
        return new ReceivedStream(world, text, includesText, client + " request " + number());
    }

    /** Whether a client that has lost its connection, or that was refused, may ask again. */
    boolean mayComeBack() {
        boolean isOpen = !answered && !stream.isTerminated();
        return text.isResumable() && isWhole && (isOpen || mayRetry);
    }

    /** The request of a client that comes back: by key or by id, after what it has received or from the start. */
    byte[] again(Choices.Draws draws) {
        asksById = streams && !mayRetry && !generationId.isEmpty() && draws.chance(0.5);
        goesOn = streams && !mayRetry && draws.chance(0.7) && (asksById || !text.hasCompanion());
        if (goesOn) {
            stream.goOn();
        } else {
            stream = newStream();
        }
        sentNanos = world.clock().nanoTime();
        answered = false;
        mayRetry = false;
        status = 0;
        body.reset();
        boolean hasCursor = goesOn && stream.received() > 0;
        String cursor = hasCursor ? "Last-Event-ID: " + stream.received() + "\r\n" : "";
        world.steps().add(client, "comes back for " + number() + (asksById ? " by id " : " by key ") + cursor.strip());
        return (asksById ? get(cursor) : post(cursor)).getBytes(StandardCharsets.UTF_8);
    }

    private String get(String cursor) {
        return "GET /v1/generate/" + generationId + "/stream?includeText=" + includesText + " HTTP/1.1\r\n" + headers()
                + cursor + "\r\n";
    }

    private String headers() {
        return "Host: simulation\r\nAuthorization: Bearer " + text.token() + "\r\nX-Request-Id: r" + number() + "\r\n";
    }

    /** On which connection it is sent, each time. */
    void sentOn(Wire wire) {
        reading = text.read(wire);
    }

    /** The client has its answer, or does not wait for it any more. */
    void left() {
        if (reading != null) {
            reading.left();
        }
    }

    int number() {
        return text.number();
    }

    RequestedText text() {
        return text;
    }

    /** Empty before it is known. */
    String generationId() {
        return generationId;
    }

    boolean isStream() {
        return streams;
    }

    /** Whether it is certainly a stream with text, and no refusal. */
    boolean hasText() {
        return streams && status == OK && text.isPlayed() && world.reference().characters(number()) > 0;
    }

    byte[] bytes() {
        return post("").getBytes(StandardCharsets.UTF_8);
    }

    private String post(String cursor) {
        String json = text.json(includesText);
        String key = text.isResumable() ? "Idempotency-Key: k" + number() + "\r\n" : "";
        return "POST /v1/generate" + (streams ? "/stream" : "") + " HTTP/1.1\r\n" + headers()
                + "Content-Type: application/json\r\n" + key + cursor + "Content-Length: " + json.length()
                + "\r\n\r\n" + json;
    }

    /** The start of it, if the rest is never sent. */
    byte[] cutAfter(int length) {
        isWhole = false;
        return Arrays.copyOf(bytes(), length);
    }

    // ---- the response

    void head(int responseStatus, Map<String, String> headers) {
        world.steps().add(client, "receives " + responseStatus);
        check(!answered, "a second response");
        status = responseStatus;
        String id = headers.getOrDefault("x-generation-id", "");
        boolean isOther = goesOn && status == OK && stream.received() > 0 && !id.equals(generationId);
        check(!isOther, "the text goes on with that of another generation");
        check(asksById || !text.hadFailed(id, sentNanos), "its key stands for a generation that has failed");
        generationId = id.isEmpty() ? generationId : id;
        if (status == OK && reading != null) {
            reading.accepted(generationId);
        }
        closesConnection = "close".equals(headers.get("connection"));
        check(
                status != OK || !scene.wasRevoked(text.keyId(), sentNanos),
                "its key was revoked before, and it is accepted");
        check(headers.getOrDefault("x-request-id", "").equals("r" + number()), "the response is of another request");
    }

    void chunk(byte[] bytes) {
        if (status == OK && streams) {
            stream.chunk(bytes);
        } else {
            body.writeBytes(bytes);
        }
    }

    void end() {
        answered = true;
        if (status != OK) {
            refused();
        } else if (streams) {
            check(stream.isTerminated(), "the body ended without a terminal event");
            stream.error().ifPresent(this::failed);
        } else {
            JsonNode answer = json(body());
            boolean isCut = answer.path("finishReason").asText().equals("cancelled");
            boolean isComplete =
                    world.reference().isComplete(number(), answer.path("text").asText());
            check(isComplete || (isCut && text.isDeleted()), "an answer of another text");
        }
    }

    /** The terminal event is an error. The key of a failed generation is free. */
    private void failed(JsonNode error) {
        error(error);
        Set<String> ofStream = Set.of("authentication_error", "overloaded_error");
        if (!ofStream.contains(error.path("type").asText())
                && !scene.service().situation().hasLittleMemory()) {
            text.failed(generationId);
            mayRetry = true;
        }
    }

    private String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    private void refused() {
        String response = body();
        JsonNode error = json(response.startsWith(DATA) ? response.substring(DATA.length()) : response)
                .path("error");
        check(error.has("message"), "a refusal without an error: " + response);
        error(error);
        boolean isExpected = switch (status) {
            case 400, 408 -> !isWhole;
            case 404, 409 -> isExpected(error.path("code").asText());
            case 401 -> scene.isRevoked(text.keyId());
            case 429 -> !error.path("code").asText().equals("readers") || text.mayHaveManyReaders();
            case 500 -> !error.path("message").asText().startsWith("internal error");
            case 503 -> true;
            case 504 -> !streams;
            default -> false;
        };
        check(isExpected, "refused with " + status + ": " + response);
    }

    /** Whether a request may not find the generation, or may not wait for it. */
    private boolean isExpected(String code) {
        mayRetry = true;
        return switch (code) {
            case "", "diverged" ->
                text.isResumable()
                        && (asksById || goesOn)
                        && !text.isKept()
                        && !text.isReadByOther(generationId, reading);
            case "in_progress" -> text.mayHaveManyWaiting();
            default -> false;
        };
    }

    private void error(JsonNode error) {
        String type = error.path("type").asText();
        String code = error.path("code").asText();
        check(!code.equals("draining") || scene.service().isDraining(), "draining without a drain");
        check(
                !type.equals("authentication_error") || scene.isRevoked(text.keyId()),
                "its key is refused, and is valid");
        check(!code.equals("abandoned") || text.mayBeAbandoned(), "abandoned, and it had a reader");
    }

    private JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            check(false, "not JSON: " + text);
            return JSON.createObjectNode();
        }
    }

    boolean isAnswered() {
        return answered;
    }

    boolean closesConnection() {
        return closesConnection;
    }

    // ---- rules that hold at any time

    /** Of a client that has left, or whose key was revoked, before that time. */
    void checkStopped(boolean hasLeft, long beforeNanos) {
        boolean isUnwanted = (hasLeft && !text.isResumable()) || scene.wasRevoked(text.keyId(), beforeNanos);
        if (isUnwanted && !scene.service().bus().wereMessagesLost()) {
            boolean goesOn = world.reference().runs(number(), beforeNanos);
            check(!goesOn, (hasLeft ? "the client has left" : "the key was revoked") + ", and the generation goes on");
        }
    }

    /** What waits for a client that does not read: one event, which the text bounds. */
    void checkUnsent(long unsentBytes) {
        long most = 4096 + 14L * world.reference().characters(number());
        check(unsentBytes <= most, unsentBytes + " bytes wait for the client, " + most + " are enough");
    }

    void checkEnd() {
        check(generationId.isEmpty() || world.rules().hasEnded(generationId), "its generation has no account");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(client + " request " + number() + ": " + rule);
        }
    }
}
