package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of another content coding or content type than was requested. */
@ExtendWith(VertxExtension.class)
class AnswerBodyTest {

    private static final Pattern EVENT_END = Pattern.compile("(?<=\n\n)");

    private static final String STORY =
            FakeUpstream.delta("Once") + FakeUpstream.delta(" upon") + FakeUpstream.finish("stop") + FakeUpstream.DONE;

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    AnswerBodyTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    private static byte[] encoded(String coding, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        switch (coding) {
            case "gzip" -> {
                try (var gzip = new GZIPOutputStream(out)) {
                    gzip.write(bytes);
                }
            }
            case "deflate" -> {
                try (var zlib = new DeflaterOutputStream(out)) {
                    zlib.write(bytes);
                }
            }
            case "raw" -> {
                try (var raw = new DeflaterOutputStream(out, new Deflater(6, true))) {
                    raw.write(bytes);
                }
            }
            default -> throw new IllegalArgumentException(coding);
        }
        return out.toByteArray();
    }

    private void answer(String coding, byte[] body, boolean chunked) {
        upstream.always(ask -> {
            ask.response().putHeader("Content-Type", "text/event-stream").putHeader("Content-Encoding", coding);
            if (chunked) {
                ask.response().setChunked(true);
                for (byte b : body) {
                    ask.response().write(Buffer.buffer(new byte[] {b}));
                }
                ask.response().end();
            } else {
                ask.response().end(Buffer.buffer(body));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "deflate, deflate", "deflate, raw", "x-gzip, gzip"})
    void codingThatWasNotRequestedIsDecodedWhateverTheChunking(String coding, String form) throws Exception {
        byte[] body = encoded(form, STORY);
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            for (boolean chunked : new boolean[] {true, false}) {
                answer(coding, body, chunked);
                Recording recording = rig.start();

                assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(recording.text()).isEqualTo("Once upon");
                assertThat(recording.breaches()).isEmpty();
            }
            assertThat(upstream.asked())
                    .allMatch(ask -> "identity".equals(ask.request().getHeader("Accept-Encoding")));
        }
    }

    @Test
    void bodyOfSeveralGzipMembersIsDecoded() throws Exception {
        var body = Buffer.buffer();
        for (String event : EVENT_END.splitAsStream(STORY).toList()) {
            body.appendBytes(encoded("gzip", event));
        }
        answer("gzip", body.getBytes(), false);
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("Once upon");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void cutCompressedBodyIsNeverASuccess(String coding) throws Exception {
        byte[] body = encoded(
                coding, FakeUpstream.delta("Once") + FakeUpstream.finish("stop").repeat(3));
        answer(coding, Arrays.copyOf(body, 20), false);
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void bodyThatIsNotOfItsCodingIsAFailureWhoseLineNamesTheCoding(String coding) throws Exception {
        answer(coding, "no such coding".getBytes(StandardCharsets.UTF_8), false);
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(rig.reports())
                    .anyMatch(line -> line.startsWith("notice ") && line.contains("content coding " + coding));
        }
    }

    @Test
    void bodyThatGrowsTooMuchIsAFailure() throws Exception {
        answer("gzip", encoded("gzip", FakeUpstream.delta("Once") + "\n".repeat(8 << 20) + STORY), false);
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void wholeAnswerInJsonIsReadAsOneDelta() throws Exception {
        upstream.always(ask -> ask.response()
                .putHeader("Content-Type", "application/json")
                .end("{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"Once upon\"},\"finish_reason\":\"length\"}],\n\"usage\":"
                        + "{\"prompt_tokens\":4,\"completion_tokens\":2}}\n"));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.completion().usage().completionTokens()).isEqualTo(2);
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, <html>no</html>",
        "application/x-ndjson, '{\"choices\":[]}\n{\"choices\":[]}\n'",
        "application/json, '{\"error\":{\"message\":\"secret\"}}'",
        "application/json, '{\"choices\":[]}'",
        "application/json, '{'"
    })
    void otherContentIsOneErrorWhoseLineNamesIt(String type, String body) throws Exception {
        upstream.always(ask -> ask.response().putHeader("Content-Type", type).end(body));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(recording.breaches()).isEmpty();
            assertThat(rig.reports())
                    .anyMatch(line -> line.startsWith("notice ") && line.contains("status 200, content type " + type))
                    .noneMatch(line -> line.contains("secret"));
        }
    }

    @Test
    void readThatGrowsTooMuchIsAFailure() throws Exception {
        answer("gzip", encoded("gzip", FakeUpstream.delta("Once") + "\n".repeat(2 << 20) + STORY), false);
        try (var rig = new Rig(vertx, Rig.model(Map.of("maxEventBytes", 8 << 20), upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }
}
