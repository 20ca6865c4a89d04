package dev.runnel.it;

import dev.runnel.sse.HttpWire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** One stream that a thread of its own reads, with its longest pause since a moment. */
final class PausedStream implements AutoCloseable {

    private static final int MAX_TOKENS = 4096;

    private final Socket socket;
    private final int tokensBefore;
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile boolean hasEnded;
    private volatile long lastNanos;
    private volatile long sinceNanos = Long.MAX_VALUE;
    private volatile long longestNanos;

    /**
     * Requests it.
     *
     * @param tokensBefore how many tokens it is to have when its generator dies
     */
    PausedStream(ClusterNodes.Node node, String key, int tokensBefore) throws IOException {
        this.tokensBefore = tokensBefore;
        this.socket = new Socket(node.host(), node.http());
        String body = "{\"model\":\"quick\",\"prompt\":\"x\",\"includeText\":false,\"maxTokens\":" + MAX_TOKENS + "}";
        String head = HttpWire.postHead("/v1/generate/stream", key, "Content-Length: " + body.length());
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(this::read, "stream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: {\"error\"")) {
                    System.out.println("a stream failed: " + line);
                    break;
                }
                if (line.startsWith("data: ")) {
                    event();
                }
            }
        } catch (IOException closed) {
            // The round is over.
        }
        hasEnded = true;
    }

    private void event() {
        long now = System.nanoTime();
        // A pause that has started before counts too, from its start.
        if (now > sinceNanos) {
            longestNanos = Math.max(longestNanos, now - lastNanos);
        }
        lastNanos = now;
        tokens.incrementAndGet();
    }

    /** Pauses that end from now on count. */
    void watch() {
        sinceNanos = System.nanoTime();
    }

    boolean isReady() {
        return hasEnded || tokens.get() >= tokensBefore;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    int tokensBefore() {
        return tokensBefore;
    }

    double longestSeconds() {
        return longestNanos / 1e9;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
