package dev.runnel.bench.attack;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests in turns, each after the answer to the one before. */
final class Repeated implements Exchange {

    private static final String DISPLACED = "\"displaced\"";

    private final Line line;
    private final List<byte[]> requests;
    private int next;

    private Repeated(Line line, List<byte[]> requests) {
        this.line = line;
        this.requests = requests;
    }

    /** @param requests heads with their bodies, in ASCII */
    static Repeated of(int port, String... requests) {
        return new Repeated(
                new Line(port),
                List.of(requests).stream()
                        .map(request -> request.getBytes(StandardCharsets.US_ASCII))
                        .toList());
    }

    @Override
    public String once() {
        byte[] request = requests.get(next++ % requests.size());
        return line.use(wire -> ask(wire, request));
    }

    private String ask(HttpWire wire, byte[] request) {
        Answer answer = wire.send(request).answer();
        if (answer.header("connection").equalsIgnoreCase("close")) {
            line.drop();
        }
        return answer.status() + (answer.body().contains(DISPLACED) ? " displaced" : "");
    }

    @Override
    public void close() {
        line.close();
    }
}
