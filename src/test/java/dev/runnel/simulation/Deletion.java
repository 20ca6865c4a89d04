package dev.runnel.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** A DELETE of a generation, on a connection of its own. */
final class Deletion implements Wire.Client, ResponseReader.Listener {

    private static final int DELETED = 204;
    private static final int REVOKED = 401;
    private static final int UNKNOWN = 404;

    private final World world;
    private final RequestedText text;
    private final String client;
    private final boolean wasKept;
    private final ResponseReader reader = new ResponseReader(this);

    Deletion(World world, RequestedText text, String client) {
        this.world = world;
        this.text = text;
        this.client = client;
        this.wasKept = text.isResumable() && text.isKept();
    }

    void send(Wire to, String generationId) {
        text.deleted();
        String request = "DELETE /v1/generate/" + generationId + " HTTP/1.1\r\nHost: simulation\r\n"
                + "Authorization: Bearer " + text.token() + "\r\nConnection: close\r\n\r\n";
        to.send(request.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String name() {
        return client + " deleting";
    }

    @Override
    public void received(byte[] bytes) {
        reader.read(bytes);
    }

    @Override
    public void head(int status, Map<String, String> headers) {
        world.steps().add(name(), "receives " + status);
        boolean isExpected = Set.of(DELETED, REVOKED, UNKNOWN).contains(status);
        boolean isForgotten = status == UNKNOWN && wasKept;
        world.rules().check(isExpected && !isForgotten, () -> name() + ": deletes, and receives " + status);
    }

    @Override
    public void chunk(byte[] bytes) {
        // The message of a refusal.
    }

    @Override
    public void end() {
        // The server closes.
    }

    @Override
    public void broken(String why) {
        world.rules().fail(name() + ": " + why);
    }

    @Override
    public void ended() {
        // As it has asked for.
    }

    @Override
    public void cut() {
        // A drain may cut it.
    }
}
