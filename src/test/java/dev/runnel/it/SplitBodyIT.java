package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.it.ClientRun.Ended;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs with a buffer read the body of a real answer although a network that does what it likes splits it: the n-th
 * request of a program gets it in two chunks, split after its n-th byte. They know a body without its last event, and
 * try again after the time that a refusal names.
 */
@ExtendWith(VertxExtension.class)
class SplitBodyIT {

    /** Each code point is an event of about a hundred bytes, so a short text with characters of every length. */
    private static final String TEXT = "wö\"🦊";

    @TempDir
    static Path data;

    /** Under this path the first request of each program is refused. */
    private static final String BUSY = "/busy";

    /** Under this path half of the body is the whole one. */
    private static final String SHORT = "/short";

    /** Clients join the parts that they receive at once. */
    private static final long BETWEEN_PARTS_MILLIS = 2;

    /** The requests of each program, by the path of its address. */
    private static final Map<String, AtomicInteger> REQUESTS = new ConcurrentHashMap<>();

    /** Programs that have waited for about as long as the refusal says. A request before that fails. */
    private static final Set<String> WAITED = ConcurrentHashMap.newKeySet();

    /** Less than a second by the inaccuracy of timers. */
    private static final long MINIMUM_WAIT_MILLIS = 950;

    private static Buffer body;
    private static String url;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        body = Buffer.buffer(recordedBody());
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(read -> answer(vertx, request)))
                .listen(0, "127.0.0.1")
                .await();
        url = "http://127.0.0.1:" + server.actualPort();
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

    private static void answer(Vertx vertx, HttpServerRequest request) {
        String program = request.path();
        HttpServerResponse response = request.response().putHeader("Content-Type", "text/event-stream; charset=utf-8");
        int number =
                REQUESTS.computeIfAbsent(program, path -> new AtomicInteger()).getAndIncrement();
        if (program.startsWith(BUSY) && number == 0) {
            refuse(response.putHeader("Retry-After", "1"), 429);
            vertx.setTimer(MINIMUM_WAIT_MILLIS, elapsed -> WAITED.add(program));
        } else if (program.startsWith(BUSY) && !WAITED.contains(program)) {
            refuse(response, 500);
        } else if (program.startsWith(SHORT)) {
            int half = body.toString(StandardCharsets.ISO_8859_1).indexOf("\n\n", body.length() / 2);
            response.end(body.slice(0, program.startsWith(SHORT + "/line") ? half - 3 : half + 2));
        } else {
            int split = 1 + number % (body.length() - 1);
            response.setChunked(true).write(body.slice(0, split));
            vertx.setTimer(BETWEEN_PARTS_MILLIS, elapsed -> response.end(body.slice(split, body.length())));
        }
    }

    private static void refuse(HttpServerResponse response, int status) {
        response.setStatusCode(status).end("data: {\"error\":{\"type\":\"a\",\"message\":\"b\"}}\n\n");
    }

    @TestFactory
    Stream<DynamicTest> programReadsEverySplit() {
        String[] prompts = Collections.nCopies(body.length() - 1, "x").toArray(String[]::new);
        return Example.each(example -> {
            Ended ended = new Client(url + "/split/" + example, "any")
                    .start(example.command(prompts))
                    .end();

            assertThat(ended.out()).as(ended.err()).isEqualTo((TEXT + "\n").repeat(prompts.length));
            assertThat(ended.status()).isZero();
        });
    }

    @TestFactory
    Stream<DynamicTest> bodyWithoutItsLastEventIsNotTakenForAWholeOne() {
        return Example.each(example -> {
            Ended inLine = new Client(url + SHORT + "/line", "any")
                    .start(example.command("x"))
                    .end();
            Ended afterEvent = new Client(url + SHORT + "/event", "any")
                    .start(example.command("x"))
                    .end();

            assertThat(inLine.status()).isNotZero();
            assertThat(inLine.err()).isNotEmpty().doesNotContain("finishReason: ");
            assertThat(afterEvent.status()).isNotZero();
            assertThat(afterEvent.err()).contains("the stream was cut").doesNotContain("finishReason: ");
        });
    }

    @TestFactory
    Stream<DynamicTest> programTriesAgainAfterTheTimeThatARefusalNames() {
        return Example.each(example -> {
            Ended ended = new Client(url + BUSY + "/" + example, "any")
                    .start(example.command("x"))
                    .end();

            assertThat(ended.out()).as(ended.err()).isEqualTo(TEXT + "\n");
            assertThat(ended.status()).isZero();
        });
    }
}
