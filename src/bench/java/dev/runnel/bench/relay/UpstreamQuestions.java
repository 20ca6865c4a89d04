package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** Asks the upstream what it knows of its streams. */
record UpstreamQuestions(int port) {

    private static final Duration IDLE_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    /** How many streams it has. */
    int active() {
        return Integer.parseInt(get("/active"));
    }

    /** Waits until it has none, but not for ever. */
    void awaitIdle() {
        try {
            await().atMost(IDLE_WITHIN).pollInterval(POLL).until(() -> active() == 0);
        } catch (ConditionTimeoutException stillActive) {
            // The caller sees which were not closed.
            return;
        }
    }

    /** When streams were closed before their end, in microseconds, by the reader's numbers; each is reported once. */
    Map<Integer, Long> takeClosed() {
        Map<Integer, Long> closed = new HashMap<>();
        get("/closed").lines().filter(line -> !line.isBlank()).forEach(line -> {
            int blank = line.indexOf(' ');
            closed.put(Integer.parseInt(line.substring(0, blank)), Long.parseLong(line.substring(blank + 1)));
        });
        return closed;
    }

    private String get(String path) {
        try {
            URL url = URI.create("http://127.0.0.1:" + port + path).toURL();
            try (InputStream answer = url.openStream()) {
                return new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
