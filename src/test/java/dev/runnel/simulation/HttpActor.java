package dev.runnel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.auth.FixedKeys;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A client on one connection: it sends requests one after another, reads, stops reading, and leaves in many ways. */
final class HttpActor implements Actor, Wire.Client, ResponseReader.Listener {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static final int PORT = 40_000;
    private static final int LONGEST_PAUSE_MILLIS = 150;
    private static final int LATEST_FAULT_MILLIS = 2500;
    private static final int ARRIVALS_MILLIS = 5000;
    private static final long CANCELLED_WITHIN_NANOS = 700_000_000L;

    private final World world;
    private final Scene scene;
    private final int index;
    private final Choices.Draws draws;
    private final ResponseReader reader = new ResponseReader(this);

    private @Nullable Wire wire;
    private int requestsLeft;
    private int number = -1;
    private String keyId = "";
    private boolean streams;
    private boolean awaitsResponse;
    private long requestedNanos;
    private int status;
    private String generationId = "";
    private boolean closesAfter;
    private @Nullable ReceivedStream stream;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long leftNanos = -1;
    /** Whether it did something after which the server may close the connection. */
    private boolean mayBeCut;

    private boolean done;

    HttpActor(World world, Scene scene, int index) {
        this.world = world;
        this.scene = scene;
        this.index = index;
        this.draws = world.choices().at(name());
        this.requestsLeft = draws.between(1, 3);
    }

    @Override
    public String name() {
        return "client " + index;
    }

    @Override
    public void arrive() {
        world.network().afterMillis(draws.between(0, ARRIVALS_MILLIS), name() + " connects", this::connect);
    }

    private void connect() {
        Wire.Line line = new Wire.Line(draws.between(300, draws.chance(0.5) ? 1500 : 60_000), draws.between(0, 30));
        InetSocketAddress address = new InetSocketAddress("10.0.0." + (index % 4 + 1), PORT + index);
        wire = world.network().connect(address, line, this);
        if (wire == null) {
            world.rules().check(scene.service().isDraining(), "%s: no server listens", name());
            done = true;
            return;
        }
        request();
    }

    private Wire wire() {
        assert wire != null;
        return wire;
    }

    private void request() {
        requestsLeft--;
        number = scene.nextNumber();
        keyId = scene.key(draws);
        streams = draws.chance(0.85);
        boolean includesText = draws.chance(0.6);
        stream = new ReceivedStream(world, number, includesText, name() + " request " + number);
        body.reset();
        generationId = "";
        awaitsResponse = true;
        requestedNanos = world.clock().nanoTime();
        send(content(includesText).getBytes(StandardCharsets.UTF_8));
        misbehave();
    }

    private String content(boolean includesText) {
        String model = Situation.PLAYED;
        if (draws.chance(0.2)) {
            model = Situation.SCRIPTED;
            world.reference().known(number, String.join("", Situation.SCRIPT));
        }
        String json = "{\"prompt\":\"p" + number + "\",\"model\":\"" + model + "\",\"includeText\":" + includesText
                + ",\"maxTokens\":" + draws.between(9, 60) + "}";
        String token =
                TOKENS.computeIfAbsent(keyId, id -> FixedKeys.token(id, scene.plan(id), new VirtualClock().instant()));
        return "POST /v1/generate" + (streams ? "/stream" : "")
                + " HTTP/1.1\r\nHost: simulation\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\nX-Request-Id: r" + number + "\r\nContent-Length: "
                + json.length() + "\r\n\r\n" + json;
    }

    /** In one piece, or in several with pauses. */
    private void send(byte[] bytes) {
        world.steps().add(name(), "requests " + number + (streams ? " as a stream with " : " with ") + keyId);
        int from = 0;
        while (from < bytes.length) {
            int to = draws.chance(0.7) ? bytes.length : draws.between(from + 1, bytes.length);
            wire().send(Arrays.copyOfRange(bytes, from, to));
            if (to < bytes.length) {
                wire().pauseMillis(draws.between(0, LONGEST_PAUSE_MILLIS));
            }
            from = to;
        }
    }

    private void misbehave() {
        int request = number;
        later(0.12, "stops reading at " + request, () -> {
            mayBeCut = true;
            wire().read(false);
            if (draws.chance(0.6)) {
                world.network()
                        .afterMillis(draws.between(1, LATEST_FAULT_MILLIS), name() + " reads", () -> wire().read(true));
            }
        });
        later(0.08, "closes at " + request, () -> leave(wire()::close));
        later(0.05, "resets at " + request, () -> leave(wire()::reset));
        later(0.05, "half-closes at " + request, () -> {
            mayBeCut = true;
            leftNanos = world.clock().nanoTime();
            wire().halfClose();
        });
    }

    private void later(double probability, String fault, Runnable action) {
        int afterMillis = draws.between(0, LATEST_FAULT_MILLIS);
        if (draws.fault(probability, fault)) {
            world.network().afterMillis(afterMillis, name() + " " + fault, () -> {
                if (!done && !world.choices().isCalm()) {
                    world.steps().add(name(), fault);
                    action.run();
                }
            });
        }
    }

    private void leave(Runnable way) {
        leftNanos = world.clock().nanoTime();
        done = true;
        way.run();
    }

    // ---- what arrives

    @Override
    public void received(byte[] bytes) {
        reader.read(bytes);
    }

    @Override
    public void head(int responseStatus, Map<String, String> headers) {
        world.steps().add(name(), "receives " + responseStatus);
        check(awaitsResponse, "a response without a request");
        status = responseStatus;
        check(status != 200 || !scene.wasRevoked(keyId, requestedNanos), "its key was revoked, and is accepted");
        generationId = headers.getOrDefault("x-generation-id", "");
        closesAfter = "close".equals(headers.get("connection"));
        check(headers.getOrDefault("x-request-id", "").equals("r" + number), "the response is of another request");
    }

    @Override
    public void chunk(byte[] bytes) {
        if (status == 200 && streams && stream != null) {
            stream.chunk(bytes);
        } else {
            body.writeBytes(bytes);
        }
    }

    @Override
    public void end() {
        awaitsResponse = false;
        if (status == 200 && streams) {
            check(stream != null && stream.isTerminated(), "the body ended without a terminal event");
            stream.error().ifPresent(this::checkError);
        } else if (status == 200) {
            checkAnswer();
        } else {
            checkRefusal();
        }
        if (requestsLeft > 0 && !closesAfter && !mayBeCut && !world.choices().isCalm()) {
            world.network().afterMillis(draws.between(0, 500), name() + " requests again", this::requestAgain);
        } else {
            done = true;
            wire().close();
        }
    }

    private void requestAgain() {
        if (!done) {
            request();
        }
    }

    private void checkAnswer() {
        JsonNode answer = json(body.toString(StandardCharsets.UTF_8));
        check(world.reference().isComplete(number, answer.path("text").asText()), "an answer of another text");
    }

    private void checkRefusal() {
        String text = body.toString(StandardCharsets.UTF_8);
        JsonNode error =
                json(text.startsWith("data: ") ? text.substring(6) : text).path("error");
        check(status != 200 && error.has("message"), "a refusal without an error: " + text);
        checkError(error);
        boolean expected = switch (status) {
            case 401 -> scene.isRevoked(keyId);
            case 429, 500, 503 -> true;
            case 504 -> !streams;
            default -> false;
        };
        check(expected, "refused with " + status + ": " + text);
    }

    private void checkError(JsonNode error) {
        String code = error.path("code").asText("");
        String type = error.path("type").asText();
        check(!code.equals("draining") || scene.service().isDraining(), "draining without a drain");
        check(!type.equals("authentication_error") || scene.isRevoked(keyId), "refused a key that is valid");
    }

    private JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            world.rules().fail(name() + ": not JSON: " + text);
            return JSON.createObjectNode();
        }
    }

    @Override
    public void broken(String why) {
        check(false, why);
    }

    @Override
    public void ended() {
        gone("is closed by the server");
    }

    @Override
    public void cut() {
        gone("is reset by the server");
    }

    private void gone(String how) {
        world.steps().add(name(), how);
        boolean allowed = !awaitsResponse || mayBeCut || scene.service().isDraining();
        check(allowed, how + " before the terminal event");
        done = true;
    }

    // ---- rules

    @Override
    public void check() {
        long limit = world.clock().nanoTime() - CANCELLED_WITHIN_NANOS;
        boolean hasLeft = leftNanos >= 0 && leftNanos < limit;
        boolean wasRevoked = scene.wasRevoked(keyId, limit);
        if ((hasLeft || wasRevoked) && !scene.service().bus().wereMessagesLost()) {
            boolean goesOn = world.reference().runs(number, limit);
            check(!goesOn, (hasLeft ? "has left" : "its key was revoked") + ", and its generation goes on");
        }
    }

    @Override
    public void calmDown() {
        if (wire != null && !done) {
            wire.read(true);
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void checkEnd() {
        check(done, "waits for request " + number + " without an end");
        check(generationId.isEmpty() || world.rules().hasEnded(generationId), "its generation has no account");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(name() + ": " + rule);
        }
    }
}
