package dev.runnel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.auth.FixedKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One request of a client, and its response as far as it has come, checked against the rules of the API. */
final class SentRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static final String DATA = "data: ";
    private static final int OK = 200;

    private final World world;
    private final Scene scene;
    private final String client;
    private final int number;
    private final String keyId;
    private final boolean streams;
    private final boolean includesText;
    private final boolean isPlayed;
    private final String json;
    private final long sentNanos;
    private final boolean isResumable;
    private ReceivedStream stream;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private boolean isWhole = true;
    private int status;
    private String generationId = "";
    /** Whether the request that was sent last asks for the rest of a generation. */
    private boolean goesOn;

    private boolean closesConnection;
    private boolean answered;

    SentRequest(World world, Scene scene, String client, Choices.Draws draws) {
        this.world = world;
        this.scene = scene;
        this.client = client;
        this.number = scene.nextNumber();
        this.keyId = scene.key(draws);
        this.streams = draws.chance(0.85);
        this.includesText = draws.chance(0.6);
        this.sentNanos = world.clock().nanoTime();
        this.isResumable = streams && draws.chance(0.5);
        this.stream = newStream();
        this.isPlayed = !draws.chance(0.2);
        if (!isPlayed) {
            world.reference().known(number, String.join("", Situation.SCRIPT));
        }
        this.json = "{\"prompt\":\"p" + number + "\",\"model\":\"" + (isPlayed ? Situation.PLAYED : Situation.SCRIPTED)
                + "\",\"includeText\":" + includesText + ",\"maxTokens\":" + draws.between(9, 60) + "}";
    }

    private ReceivedStream newStream() {
        return new ReceivedStream(world, number, includesText, isResumable, client + " request " + number);
    }

    /** Whether a client that has lost its connection may ask again. */
    boolean mayComeBack() {
        return isResumable && isWhole && !answered && !stream.isTerminated();
    }

    /** The request of a client that comes back: by key or by id, after what it has received or from the start. */
    byte[] again(Choices.Draws draws) {
        boolean byId = !generationId.isEmpty() && draws.chance(0.5);
        goesOn = draws.chance(0.7);
        if (goesOn) {
            stream.goOn();
        } else {
            stream = newStream();
        }
        boolean hasCursor = goesOn && stream.received() > 0;
        String cursor = hasCursor ? "Last-Event-ID: " + stream.received() + "\r\n" : "";
        world.steps().add(client, "comes back for " + number + (byId ? " by id " : " by key ") + cursor.strip());
        return (byId ? get(cursor) : post(cursor)).getBytes(StandardCharsets.UTF_8);
    }

    private String get(String cursor) {
        return "GET /v1/generate/" + generationId + "/stream?includeText=" + includesText
                + " HTTP/1.1\r\nHost: simulation\r\nAuthorization: Bearer " + token() + "\r\nX-Request-Id: r" + number
                + "\r\n" + cursor + "\r\n";
    }

    int number() {
        return number;
    }

    boolean isStream() {
        return streams;
    }

    /** Whether it is certainly a stream with text, and no refusal. */
    boolean hasText() {
        return streams && isPlayed && world.reference().characters(number) > 0;
    }

    byte[] bytes() {
        return post("").getBytes(StandardCharsets.UTF_8);
    }

    private String token() {
        return TOKENS.computeIfAbsent(keyId, id -> FixedKeys.token(id, scene.plan(id), new VirtualClock().instant()));
    }

    private String post(String cursor) {
        String key = isResumable ? "Idempotency-Key: k" + number + "\r\n" : "";
        return "POST /v1/generate" + (streams ? "/stream" : "") + " HTTP/1.1\r\nHost: simulation\r\n"
                + "Authorization: Bearer " + token() + "\r\nContent-Type: application/json\r\nX-Request-Id: r" + number
                + "\r\n" + key + cursor + "Content-Length: " + json.length() + "\r\n\r\n" + json;
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
        generationId = id.isEmpty() ? generationId : id;
        closesConnection = "close".equals(headers.get("connection"));
        check(status != OK || !scene.wasRevoked(keyId, sentNanos), "its key was revoked before, and it is accepted");
        check(headers.getOrDefault("x-request-id", "").equals("r" + number), "the response is of another request");
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
            stream.error().ifPresent(this::error);
        } else {
            String text = json(body()).path("text").asText();
            check(world.reference().isComplete(number, text), "an answer of another text");
        }
    }

    private String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    private void refused() {
        String text = body();
        JsonNode error = json(text.startsWith(DATA) ? text.substring(DATA.length()) : text)
                .path("error");
        check(error.has("message"), "a refusal without an error: " + text);
        error(error);
        boolean isExpected = switch (status) {
            case 400, 408 -> !isWhole;
            case 404, 409 -> isResumable;
            case 401 -> scene.isRevoked(keyId);
            case 429, 500, 503 -> true;
            case 504 -> !streams;
            default -> false;
        };
        check(isExpected, "refused with " + status + ": " + text);
    }

    private void error(JsonNode error) {
        String type = error.path("type").asText();
        boolean isDraining = error.path("code").asText().equals("draining");
        check(!isDraining || scene.service().isDraining(), "draining without a drain");
        check(!type.equals("authentication_error") || scene.isRevoked(keyId), "its key is refused, and is valid");
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
        boolean isUnwanted = (hasLeft && !isResumable) || scene.wasRevoked(keyId, beforeNanos);
        if (isUnwanted && !scene.service().bus().wereMessagesLost()) {
            boolean goesOn = world.reference().runs(number, beforeNanos);
            check(!goesOn, (hasLeft ? "the client has left" : "the key was revoked") + ", and the generation goes on");
        }
    }

    /** What waits for a client that does not read: one event, which the text bounds. */
    void checkUnsent(long unsentBytes) {
        long most = 4096 + 14L * world.reference().characters(number);
        check(unsentBytes <= most, unsentBytes + " bytes wait for the client, " + most + " are enough");
    }

    void checkEnd() {
        check(generationId.isEmpty() || world.rules().hasEnded(generationId), "its generation has no account");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(client + " request " + number + ": " + rule);
        }
    }
}
