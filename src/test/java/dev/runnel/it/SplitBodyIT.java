package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.example.StreamWithHttpClient;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs with a buffer read the body of a real answer although a network that does what it likes splits it: the n-th
 * request gets it in two chunks, split after its n-th byte.
 */
@ExtendWith(VertxExtension.class)
class SplitBodyIT {

    private static final String TEXT = "Zwölf \"🦊\"!";

    @TempDir
    static Path data;

    private static final AtomicInteger NEXT_SPLIT = new AtomicInteger();
    private static Buffer body;
    private static Client client;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        body = Buffer.buffer(recordedBody());
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(read -> answer(request.response())))
                .listen(0, "127.0.0.1")
                .await();
        client = new Client("http://127.0.0.1:" + server.actualPort(), "any");
    }

    private static byte[] recordedBody() throws Exception {
        String config = """
                defaultModel: echo
                models:
                  - { name: echo, engine: scripted, echo: true }
                """;
        try (RunningService service = RunningService.start(Launch.IN_PROCESS, config, data);
                HttpWire wire = service.http()) {
            String request = "{\"prompt\": \"" + TEXT.replace("\"", "\\\"") + "\"}";
            return wire.post("/v1/generate/stream", service.key(), request)
                    .answer()
                    .bytes();
        }
    }

    private static void answer(HttpServerResponse response) {
        int split = 1 + NEXT_SPLIT.getAndIncrement() % (body.length() - 1);
        response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
        Future<Void> first = response.write(body.slice(0, split));
        first.compose(written -> response.end(body.slice(split, body.length())));
    }

    @BeforeEach
    void splitFromTheFirstByteOn() {
        NEXT_SPLIT.set(0);
    }

    @Test
    void fetchWithABufferReadsEverySplit() throws Exception {
        Needed.program("Node.js 18 or later", "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)");

        String printed = client.run("node", "src/examples/fetch-buffered.mjs", "x", everySplit());

        assertThat(printed).isEqualTo((TEXT.length() + "\n" + TEXT + "\n").repeat(body.length() - 1));
    }

    @Test
    void requestsReadsEverySplit() throws Exception {
        Needed.program("Python with requests", "python3", "-c", "import requests");

        String printed = client.run("python3", "src/examples/stream.py", "x", everySplit());

        int codePoints = TEXT.codePointCount(0, TEXT.length());
        assertThat(printed).isEqualTo((codePoints + "\n" + TEXT + "\n").repeat(body.length() - 1));
    }

    @Test
    void javaHttpClientReadsEverySplit() throws Exception {
        StreamWithHttpClient java = new StreamWithHttpClient(client.url(), client.key());

        for (int split = 1; split < body.length(); split++) {
            assertThat(java.generate("x", delta -> {}))
                    .as("split after byte %d", split)
                    .isEqualTo(TEXT);
        }
    }

    private static String everySplit() {
        return String.valueOf(body.length() - 1);
    }
}
