package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A known text with odd forms of events around it, in any order and cut anywhere. A whole stream gives that text and
 * one right ending. A stream that breaks or has an error gives one error, and never a success.
 */
class OddStreamTest {

    private static final int TRIES = 400;
    private static final List<String> WORDS =
            List.of("Once", " upon", " a time", " there", " was\n", " \u00e9\ud83d\ude00");

    /** Events without a meaning. */
    private static final List<String> NOISE = List.of(
            ": keep-alive\n\n",
            "data: : keep-alive\n\n",
            "data:\n\n",
            "event: ping\ndata: {}\n\n",
            "event: ping\ndata: not JSON\n\n",
            "retry: 5\n\n",
            "id: 7\n",
            "\n\n",
            "data: {}\n\n",
            "data: {\"choices\":[]}\n\n",
            "data: {\"choices\":null,\"usage\":null}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":null}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"reasoning\":\"\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[]}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":\"null\"}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\" \"}]}\n\n",
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"error\":null,\"choices\":[]}\n\n",
            "data: {\"error\":\"\",\"choices\":[]}\n\n",
            "data: {\"error\":{},\"choices\":[]}\n\n",
            "data: {\"error\":false}\n\n");

    /** What ends a stream early. */
    private static final List<String> FAILURES = List.of(
            "data: {\"error\":{\"message\":\"x\"}}\n\n",
            "event: error\ndata: x\n\n",
            "data: {\"error\":\"x\",\"choices\":[]}\n\n",
            "data: not JSON\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"network_error\"}]}\n\ndata: [DONE]\n\n",
            "data: [DONE]\n\n",
            "");

    private record Stream(String text, String bytes, boolean whole) {}

    @Test
    void oddFormsGiveTheTextAndOneEndOrOneError() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (var upstream = new FakeUpstream(vertx, ask -> {});
                var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            for (long seed = 0; seed < TRIES; seed++) {
                Random random = new Random(seed);
                Stream stream = stream(random);
                upstream.always(ask -> send(ask.begin(), stream.bytes(), new Random(random.nextLong())));
                check(rig.start(), stream, seed);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static void check(Recording recording, Stream stream, long seed) throws Exception {
        String what = "seed " + seed + ": " + stream.bytes();
        try {
            Completion completion = recording.completion();
            assertThat(stream.whole()).as(what).isTrue();
            assertThat(completion.finishReason()).as(what).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).as(what).isEqualTo(stream.text());
        } catch (GenerationException e) {
            assertThat(stream.whole()).as(what).isFalse();
            assertThat(e.failure().code()).as(what).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(stream.text()).as(what).startsWith(recording.text());
        }
        assertThat(recording.breaches()).as(what).isEmpty();
    }

    private static Stream stream(Random random) {
        StringBuilder text = new StringBuilder();
        StringBuilder bytes = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            String word = WORDS.get(random.nextInt(WORDS.size()));
            noise(bytes, random);
            bytes.append(delta(word, random));
            text.append(word);
        }
        noise(bytes, random);
        boolean whole = random.nextInt(3) > 0;
        if (whole) {
            bytes.append(FakeUpstream.finish("stop"));
            noise(bytes, random);
            bytes.append(random.nextBoolean() ? "data: late and not JSON\n\n" : "");
            bytes.append(random.nextBoolean() ? FakeUpstream.usage(4, 2) : "");
            noise(bytes, random);
            bytes.append(random.nextBoolean() ? FakeUpstream.DONE : "");
        } else {
            bytes.append(FAILURES.get(random.nextInt(FAILURES.size())));
        }
        return new Stream(text.toString(), bytes.toString(), whole);
    }

    private static void noise(StringBuilder bytes, Random random) {
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes.append(NOISE.get(random.nextInt(NOISE.size())));
        }
    }

    /** The forms of a delta; a finish reason beside its text is no end. */
    private static String delta(String word, Random random) {
        String quoted = new JsonObject().put("content", word).encode();
        String value = quoted.substring("{\"content\":".length(), quoted.length() - 1);
        return switch (random.nextInt(5)) {
            case 0 -> FakeUpstream.event(new JsonObject().put("content", word), "null");
            case 1 -> FakeUpstream.event(new JsonObject().put("content", word).put("reasoning", ""), null);
            case 2 ->
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"text\",\"text\":" + value
                        + "}]}}]}\n\n";
            case 3 -> "event: message\n" + FakeUpstream.delta(word);
            default -> FakeUpstream.delta(word);
        };
    }

    /** In pieces of any size. */
    private static void send(HttpServerResponse response, String stream, Random random) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        List<Buffer> pieces = new ArrayList<>();
        int size = 1 + random.nextInt(200);
        for (int at = 0; at < bytes.length; at += size) {
            pieces.add(Buffer.buffer().appendBytes(bytes, at, Math.min(size, bytes.length - at)));
        }
        pieces.forEach(response::write);
        response.end();
    }
}
