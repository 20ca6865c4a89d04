package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Recording;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the answers of one upstream end. */
@ExtendWith(VertxExtension.class)
class OpenAiEngineTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    OpenAiEngineTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @Test
    void textUsageAndReasonComeThrough() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.STOP, new Usage(4, 2, false)));
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(recording.tokens()).isEqualTo(2);
            assertThat(recording.breaches()).isEmpty();
            assertThat(rig.reports()).containsExactly("127.0.0.1:" + upstream.port() + " COMPLETED");
        }
    }

    @Test
    void hugeCountsOfTheUpstreamAreLimitedByWhatWasRequested() throws Exception {
        String counts = FakeUpstream.usage(Integer.MAX_VALUE, Integer.MAX_VALUE);
        upstream.always(ask -> ask.stream(FakeUpstream.TWO_WORDS, counts, FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Usage usage = rig.complete().usage();

            assertThat(usage.completionTokens()).isEqualTo(16 + 2);
            assertThat(usage.promptTokens()).isLessThan(4096);
            assertThat(usage.estimated()).isTrue();
        }
    }

    @Test
    void everyByteMayBeAChunk() throws Exception {
        String text = "é😀\u2028\"\\/";
        String stream = "\ufeff: hello\r\n\r\n" + FakeUpstream.delta(text).replace("\n", "\r\n")
                + FakeUpstream.delta(text).replace("\n", "\r")
                + FakeUpstream.finish("stop").replace("data: ", "data:")
                + FakeUpstream.DONE;
        upstream.always(ask -> {
            HttpServerResponse response = ask.begin();
            for (byte b : stream.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                response.write(io.vertx.core.buffer.Buffer.buffer(new byte[] {b}));
            }
            response.end();
        });
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo(text + text);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @Test
    void eventsThatComeTogetherAreOnePiece() throws Exception {
        upstream.always(ask -> ask.stream(FakeUpstream.delta("a").repeat(50), FakeUpstream.finish("length")));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.LENGTH, new Usage(4, 50, true)));
            assertThat(recording.text()).isEqualTo("a".repeat(50));
            assertThat(recording.pieces()).isLessThan(5);
        }
    }

    static List<Arguments> goodEnds() {
        Usage reported = new Usage(4, 2, false);
        Usage estimated = new Usage(4, 2, true);
        String words = FakeUpstream.delta("Once") + FakeUpstream.delta(" upon");
        String stop = FakeUpstream.finish("stop");
        String usage = FakeUpstream.usage(4, 2);
        return List.of(
                Arguments.of(words + stop + usage + FakeUpstream.DONE, FinishReason.STOP, reported),
                Arguments.of(words + stop + usage, FinishReason.STOP, reported),
                Arguments.of(words + stop, FinishReason.STOP, estimated),
                Arguments.of(words + stop + FakeUpstream.DONE, FinishReason.STOP, estimated),
                Arguments.of(words + stop + "data: [DONE] \n\n", FinishReason.STOP, estimated),
                Arguments.of(words + stop + usage.replace(":2", ":" + "9".repeat(30)), FinishReason.STOP, estimated),
                Arguments.of(words + usage + stop, FinishReason.STOP, reported),
                Arguments.of(words + FakeUpstream.finish("length"), FinishReason.LENGTH, estimated),
                Arguments.of(words + FakeUpstream.finish("content_filter"), FinishReason.CONTENT_FILTER, estimated),
                Arguments.of(words + FakeUpstream.finish("tool_calls"), FinishReason.STOP, estimated),
                Arguments.of(words + stop + FakeUpstream.DONE + "data: garbage\n\n", FinishReason.STOP, estimated),
                Arguments.of(
                        FakeUpstream.delta("") + words + FakeUpstream.delta("") + stop, FinishReason.STOP, estimated),
                Arguments.of(words + stop.replace("\n\n", "\n\n: bye\n\n"), FinishReason.STOP, estimated),
                Arguments.of(
                        FakeUpstream.event(new JsonObject().put("role", "assistant"), null)
                                + FakeUpstream.event(new JsonObject().put("reasoning_content", "hm"), null)
                                + words
                                + stop,
                        FinishReason.STOP,
                        new Usage(4, 3, true)));
    }

    @ParameterizedTest
    @MethodSource("goodEnds")
    void everyFormOfAGoodEndIsAnEnd(String stream, FinishReason reason, Usage usage) throws Exception {
        upstream.always(ask -> ask.stream(stream));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion()).isEqualTo(new Completion(reason, usage));
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: [DONE]\n\n",
                "data: x\n\n",
                "{\"choices\":[]}",
                "<html>",
                "data: {\"error\":{\"message\":\"secret\"}}\n\n",
                "event: error\ndata: secret\n\n"
            })
    void earlyEndIsNeverASuccess(String rest) throws Exception {
        upstream.always(ask -> ask.stream(FakeUpstream.delta("Once"), FakeUpstream.delta(" upon"), rest));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            Failure failure = Rig.failure(recording);

            assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(failure.message()).doesNotContain("secret");
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "abort"})
    void finishReasonOfAnAbortIsAFailure(String word) throws Exception {
        upstream.always(ask -> ask.stream(FakeUpstream.delta("Once"), FakeUpstream.finish(word), FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void lineWithoutEndIsAFailure() throws Exception {
        upstream.always(ask -> {
            HttpServerResponse response = ask.begin();
            for (int i = 0; i < 20; i++) {
                response.write("x".repeat(64 * 1024));
            }
        });
        try (var rig = new Rig(vertx, Rig.model(Map.of("maxEventBytes", 1 << 20), upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            upstream.awaitClosedConnection();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "null"})
    void brokenConnectionAfterAFinishReasonBesideTextIsAFailure(String word) throws Exception {
        upstream.always(ask -> ask.begin()
                .write(FakeUpstream.event(new JsonObject().put("content", "Once"), word))
                .onSuccess(v -> ask.request().connection().close()));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void brokenConnectionIsAFailureButForTheFinishReason(boolean finished) throws Exception {
        upstream.always(ask -> ask.begin()
                .write(FakeUpstream.delta("Once") + (finished ? FakeUpstream.finish("stop") : ""))
                .onSuccess(v -> ask.request().connection().close()));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            if (finished) {
                assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            } else {
                assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            }
            assertThat(recording.text()).isEqualTo("Once");
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST, REFUSED",
        "413, INVALID_REQUEST, REFUSED",
        "422, INVALID_REQUEST, REFUSED",
        "401, UPSTREAM_FAILED, DENIED",
        "403, UPSTREAM_FAILED, DENIED",
        "402, UPSTREAM_FAILED, DENIED",
        "404, UPSTREAM_FAILED, DENIED",
        "408, UPSTREAM_FAILED, DENIED",
        "429, UPSTREAM_OVERLOADED, OVERLOADED",
        "503, UPSTREAM_OVERLOADED, OVERLOADED",
        "500, UPSTREAM_FAILED, FAILED",
        "502, UPSTREAM_FAILED, FAILED",
        "504, UPSTREAM_FAILED, FAILED",
        "301, UPSTREAM_FAILED, FAILED",
        "307, UPSTREAM_FAILED, FAILED",
        "204, UPSTREAM_FAILED, FAILED",
        "418, UPSTREAM_FAILED, FAILED"
    })
    void statusBecomesTheFailureOfTheTable(int status, FailureCode code, String outcome) throws Exception {
        upstream.always(ask -> {
            ask.response().putHeader("Location", upstream.url() + "/elsewhere");
            ask.status(status, status == 204 ? "" : "{\"error\":{\"message\":\"secret\"}}");
        });
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Failure failure = rig.fail();

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.message()).doesNotContain("secret", "127.0.0.1");
            assertThat(failure.retryAfterSeconds()).isEqualTo(code == FailureCode.UPSTREAM_OVERLOADED ? 1 : 0);
            assertThat(rig.reports()).contains("127.0.0.1:" + upstream.port() + " " + outcome);
            assertThat(upstream.asked()).hasSize(1);
            boolean isCallersAffair = code == FailureCode.INVALID_REQUEST;
            assertThat(rig.reports())
                    .filteredOn(line -> line.startsWith("notice "))
                    .allMatch(line -> line.endsWith(": status " + status))
                    .hasSize(isCallersAffair ? 0 : 1);
        }
    }

    @Test
    void retryAfterIsPassedOn() throws Exception {
        upstream.always(ask -> {
            ask.response().putHeader("Retry-After", "7");
            ask.status(429, "slow down");
        });
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().retryAfterSeconds()).isEqualTo(7);
        }
    }

    @Test
    void answerThatIsNoHttpIsAFailure() throws Exception {
        var server = vertx.createNetServer()
                .connectHandler(socket ->
                        socket.handler(b -> socket.write("SSH-2.0-no\r\n\r\n").eventually(socket::close)))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        try (var rig = new Rig(vertx, Rig.model("http://127.0.0.1:" + server.actualPort()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void refusedConnectionIsAFailure() throws Exception {
        int port = upstream.port();
        upstream.close();
        try (var rig = new Rig(vertx, Rig.model("http://127.0.0.1:" + port))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(rig.reports()).anyMatch(line -> line.endsWith("UNREACHABLE"));
        }
    }

    @Test
    void upstreamMayBeDownWhenTheModelOpens() throws Exception {
        try (var rig = new Rig(vertx, Rig.model("http://127.0.0.1:1", "http://127.0.0.1:2"))) {
            assertThat(rig.onLoop(rig.engine()::open).sequences()).isEqualTo(2048);
            assertThat(rig.onLoop(rig.engine()::open).contextTokens()).isZero();
        }
    }

    @Test
    void closedEngineFailsWhatIsStarted() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            var prepared = rig.prepare(Rig.PROMPT);
            rig.onLoop(rig.engine()::close);
            Recording recording =
                    rig.onLoop(() -> io.vertx.core.Future.succeededFuture(Recording.start(rig.engine(), prepared)));

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.MODEL_UNAVAILABLE);
            assertThat(recording.breaches()).isEmpty();
        }
    }
}
