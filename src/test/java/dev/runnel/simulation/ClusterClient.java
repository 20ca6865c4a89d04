package dev.runnel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cluster. It asks any node. If its connection is lost, or an event says so, it asks any other
 * node for the rest, if its text is resumable.
 */
final class ClusterClient implements Actor, ResponseReader.Listener {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int PORT = 40_000;
    private static final int LINE_BYTES = 60_000;
    private static final int ARRIVALS_MILLIS = 9000;
    private static final int MIN_PAUSE_MILLIS = 50;
    private static final int LONGEST_PAUSE_MILLIS = 1500;
    private static final int MAX_REQUESTS = 60;
    /** Statuses after which a client asks again. */
    private static final Set<Integer> FOR_NOW = Set.of(409, 429, 500, 503, 504);

    private final World world;
    private final Cluster cluster;
    private final int index;
    private final Choices.Draws draws;
    private final boolean streams;
    private final boolean includesText;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private @Nullable ClusterText text;
    private @Nullable ReceivedStream stream;
    private ResponseReader reader = new ResponseReader(this);
    private @Nullable ClusterNode node;
    private @Nullable Wire wire;
    private String generationId = "";
    private int connections;
    private int status;
    private boolean asksById;
    private boolean done;

    /** What the clients of one simulation share. */
    interface Cluster {

        /** The nodes that are there. */
        List<ClusterNode> nodes();

        ClusterRules rules();

        /** A text of its own, or that of another client. */
        ClusterText text(Choices.Draws draws);

        /** Whether the node may have closed the connection. */
        boolean mayBeCut(ClusterNode node);
    }

    ClusterClient(World world, Cluster cluster, int index) {
        this.world = world;
        this.cluster = cluster;
        this.index = index;
        this.draws = world.choices().at(name());
        this.streams = draws.chance(0.85);
        this.includesText = draws.chance(0.3);
    }

    @Override
    public String name() {
        return "client " + index;
    }

    @Override
    public void arrive() {
        boolean mayLeave = draws.fault(0.1, "leaves");
        int leavesAfter = draws.between(1, ARRIVALS_MILLIS / 2);
        after(draws.between(0, ARRIVALS_MILLIS), "connects", () -> {
            text = cluster.text(draws);
            stream = new ReceivedStream(world, text, includesText, name() + " request " + text.number());
            ask();
            if (mayLeave) {
                after(leavesAfter, "leaves", this::leave);
            }
        });
    }

    private void leave() {
        if (!done && wire != null) {
            world.steps().add(name(), "leaves");
            done = true;
            wire.close();
        }
    }

    private void after(long millis, String what, Runnable action) {
        world.network().afterMillis(millis, name() + " " + what, action);
    }

    private ClusterText text() {
        assert text != null;
        return text;
    }

    private ReceivedStream stream() {
        assert stream != null;
        return stream;
    }

    private void askAgain(String why) {
        world.steps().add(name(), "asks again: " + why);
        connections++;
        after(draws.between(MIN_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS), "asks again", this::ask);
    }

    /** Asks any node. One that is gone is not reached. */
    private void ask() {
        if (done) {
            return;
        }
        connections++;
        check(connections < MAX_REQUESTS, "has asked often enough");
        List<ClusterNode> nodes = cluster.nodes();
        ClusterNode asked = nodes.get(draws.between(0, nodes.size() - 1));
        int own = connections;
        Wire opened = asked.network()
                .connect(
                        new InetSocketAddress("10.0.0." + index, PORT + connections),
                        new Wire.Line(LINE_BYTES, draws.between(0, 5)),
                        new Link(name(), () -> connections == own && !done, bytes -> reader.read(bytes), this::gone));
        if (opened == null) {
            askAgain(asked.name() + " does not listen");
            return;
        }
        wire = opened;
        node = asked;
        status = 0;
        body.reset();
        reader = new ResponseReader(this);
        opened.send(request().getBytes(StandardCharsets.UTF_8));
    }

    private String request() {
        String cursor = streams ? stream().lastCursor() : "";
        asksById = streams && !generationId.isEmpty() && text().isResumable() && draws.chance(0.5);
        stream().goOn();
        world.steps()
                .add(
                        name(),
                        "asks " + node().name() + " for " + text().number() + (asksById ? " by id " : " ") + cursor);
        return asksById ? text().get(generationId, includesText, cursor) : text().post(streams, includesText, cursor);
    }

    private ClusterNode node() {
        assert node != null;
        return node;
    }

    // ---- what arrives

    @Override
    public void head(int received, Map<String, String> headers) {
        status = received;
        world.steps().add(name(), "receives " + received);
        if (status != OK) {
            return;
        }
        String id = headers.getOrDefault("x-generation-id", "");
        boolean goesOn = streams && stream().received() > 0;
        if (goesOn && !id.equals(generationId)) {
            // Its key stands for a newer one.
            check(
                    !asksById && cluster.rules().mayBeGone(generationId),
                    "the text goes on with that of another generation");
            finish();
            return;
        }
        generationId = id;
        cluster.rules().serves(node().name(), id);
    }

    @Override
    public void chunk(byte[] bytes) {
        if (done) {
            return;
        }
        if (status == OK && streams) {
            stream().chunk(bytes);
            cluster.rules().received(generationId, stream().text());
        } else {
            body.writeBytes(bytes);
        }
    }

    @Override
    public void end() {
        if (done) {
            return;
        }
        if (status != OK) {
            refused(json());
        } else if (!streams) {
            JsonNode answer = json();
            String all = answer.path("text").asText();
            check(
                    world.reference().isComplete(text().number(), all),
                    "an answer of another text: " + answer.path("finishReason"));
            cluster.rules().received(generationId, all);
            finish();
        } else {
            check(stream().isTerminated(), "the body ended without a terminal event");
            Optional<JsonNode> error = stream().error();
            if (error.isPresent()) {
                failed(error.get());
            } else {
                finish();
            }
        }
    }

    private void finish() {
        done = true;
        world.steps().add(name(), "has its text");
        if (wire != null) {
            wire.close();
        }
    }

    /** The terminal event is an error. */
    private void failed(JsonNode error) {
        String code = error.path("code").asText();
        world.steps().add(name(), "fails: " + code);
        boolean isExplained = code.equals("cluster")
                ? cluster.rules().mayMove()
                : code.equals("lost") && cluster.rules().mayBeGone(generationId);
        check(isExplained, "an error that nothing explains: " + error);
        if (text().isResumable() && !code.equals("lost")) {
            askAgain(code);
        } else {
            finish();
        }
    }

    private void refused(JsonNode answer) {
        JsonNode error = answer.path("error");
        String code = error.path("code").asText();
        world.steps().add(name(), "is refused: " + status + " " + code);
        boolean isOtherText =
                status == 400 && !asksById && error.path("message").asText().startsWith("Last-Event-ID");
        boolean isGone = status == 404 || code.equals("diverged") || isOtherText;
        check(error.has("message"), "a refusal without an error: " + answer);
        check(FOR_NOW.contains(status) || isGone, "refused with " + status + ": " + answer);
        check(!isGone || cluster.rules().mayBeGone(generationId), "its generation is gone: " + answer);
        if (isGone) {
            finish();
        } else {
            askAgain("refused");
        }
    }

    private JsonNode json() {
        String received = body.toString(StandardCharsets.UTF_8);
        try {
            return JSON.readTree(received.startsWith("data: ") ? received.substring(6) : received);
        } catch (JsonProcessingException e) {
            check(false, "not JSON: " + received);
            return JSON.createObjectNode();
        }
    }

    @Override
    public void broken(String why) {
        check(false, why);
    }

    private void gone(String how) {
        world.steps().add(name(), how);
        check(cluster.mayBeCut(node()), how + " before the terminal event, and its node runs");
        if (text().isResumable() || status == 0) {
            askAgain(how);
        } else {
            done = true;
        }
    }

    // ---- rules

    @Override
    public void check() {
        // What it receives is checked as it comes.
    }

    @Override
    public void calmDown() {
        // It reads all the time.
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void checkEnd() {
        check(done, "waits without an end");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(name() + ": " + rule);
        }
    }
}
