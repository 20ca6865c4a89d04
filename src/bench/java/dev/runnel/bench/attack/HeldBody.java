package dev.runnel.bench.attack;

import dev.runnel.sse.HttpWire;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A request whose body lacks its last byte, held until the service answers or for 20 s. */
final class HeldBody implements Exchange {

    private static final int DECLARED = 2 << 20;
    private static final byte[] SENT = "x".repeat(DECLARED - 1).getBytes(StandardCharsets.US_ASCII);

    private final Line line;
    private final byte[] head;

    HeldBody(int port, String key) {
        this.line = new Line(port);
        this.head = HttpWire.postHead("/v1/generate", key, "Content-Length: " + DECLARED)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String once() {
        String got = line.use(this::hold);
        line.drop();
        return got;
    }

    private String hold(HttpWire wire) {
        try {
            wire.send(head).send(SENT);
        } catch (UncheckedIOException e) {
            // The service may have answered and closed before it had the whole body.
            return wire.head().status() + "";
        }
        return wire.head().status() + "";
    }

    @Override
    public void close() {
        line.close();
    }
}
