package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A known text with odd forms of events around it, in any order and in pieces of any size. A whole stream gives that
 * text and one right ending. A stream with an error, or on a connection that breaks, gives one error and no success.
 */
@ExtendWith(VertxExtension.class)
class OddStreamTest {

    private static final int TRIES = 400;
    /** Generators of consecutive seeds start with nearly the same number. */
    private static final long MIXER = 0x9E3779B97F4A7C15L;

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
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"error\":null,\"choices\":[]}\n\n",
            "data: {\"error\":\"\",\"choices\":[]}\n\n",
            "data: {\"error\":{},\"choices\":[]}\n\n",
            "data: {\"error\":false}\n\n");

    /** What ends a stream early, wherever finish reasons stood. */
    private static final List<String> ERRORS = List.of(
            "data: {\"error\":{\"message\":\"x\"}}\n\n",
            "event: error\ndata: x\n\n",
            "data: {\"error\":\"x\",\"choices\":[]}\n\n",
            "data: not JSON\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"network_error\"}]}\n\ndata: [DONE]\n\n");

    /** What ends a stream without a finish reason. */
    private static final List<String> EARLY_ENDS = List.of("data: [DONE]\n\n", "");

    private static final List<String> USAGES = List.of(
            FakeUpstream.usage(4, 2),
            "data: {\"choices\":[{\"index\":0,\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}]}\n\n",
            "data: {\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}}\n\n");

    /**
     * What an upstream sends.
     *
     * @param whole whether the text is complete
     * @param cut whether the connection breaks after it
     * @param reported whether it reports 4 prompt tokens
     */
    private record Stream(String text, String bytes, boolean whole, boolean cut, boolean reported) {}

    @Test
    void oddFormsGiveTheTextAndOneEndOrOneError(Vertx vertx) throws Exception {
        try (var upstream = new FakeUpstream(vertx, ask -> {});
                var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            for (long seed = 0; seed < TRIES; seed++) {
                Random random = new Random(seed * MIXER);
                Stream stream = stream(random);
                upstream.always(ask -> send(ask.begin(), stream, new Random(random.nextLong())));
                check(rig.start(), stream, seed);
            }
        }
    }

    private static void check(Recording recording, Stream stream, long seed) throws Exception {
        String what = "seed " + seed + (stream.cut() ? ", cut: " : ": ") + stream.bytes();
        try {
            Completion completion = recording.completion();
            assertThat(stream.whole()).as(what).isTrue();
            assertThat(completion.finishReason()).as(what).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).as(what).isEqualTo(stream.text());
            if (stream.reported()) {
                assertThat(completion.usage().promptTokens()).as(what).isEqualTo(4);
            }
        } catch (GenerationException e) {
            assertThat(stream.whole()).as(what).isFalse();
            assertThat(e.failure().code()).as(what).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(stream.text()).as(what).startsWith(recording.text());
        }
        assertThat(recording.breaches()).as(what).isEmpty();
    }

    /** Some upstreams have their finish reason beside each text, and no event of its own for it. */
    private static Stream stream(Random random) {
        boolean beside = random.nextInt(4) == 0;
        StringBuilder text = new StringBuilder();
        StringBuilder bytes = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            String word = WORDS.get(random.nextInt(WORDS.size()));
            noise(bytes, random);
            bytes.append(
                    beside ? FakeUpstream.event(new JsonObject().put("content", word), "stop") : delta(word, random));
            text.append(word);
        }
        noise(bytes, random);
        return switch (random.nextInt(6)) {
            case 0 -> new Stream(text.toString(), bytes + one(ERRORS, random), false, random.nextBoolean(), false);
            case 1 ->
                beside
                        ? new Stream(text.toString(), bytes.toString(), false, true, false)
                        : new Stream(
                                text.toString(), bytes + one(EARLY_ENDS, random), false, random.nextBoolean(), false);
            default -> beside ? besideToTheEnd(text, bytes, random) : finished(text, bytes, random);
        };
    }

    private static Stream besideToTheEnd(StringBuilder text, StringBuilder bytes, Random random) {
        boolean reported = random.nextBoolean();
        bytes.append(reported ? one(USAGES, random) : "");
        boolean done = random.nextBoolean();
        bytes.append(done ? FakeUpstream.DONE : "");
        return new Stream(text.toString(), bytes.toString(), true, done && random.nextBoolean(), reported);
    }

    private static Stream finished(StringBuilder text, StringBuilder bytes, Random random) {
        boolean repeats = random.nextBoolean();
        bytes.append(repeats ? repetition(text.toString()) : FakeUpstream.finish("stop"));
        noise(bytes, random);
        bytes.append(random.nextBoolean() ? "data: late and not JSON\n\n" : "");
        boolean reported = random.nextBoolean();
        bytes.append(reported ? one(USAGES, random) : "");
        noise(bytes, random);
        bytes.append(random.nextBoolean() ? FakeUpstream.DONE : "");
        return new Stream(text.toString(), bytes.toString(), true, random.nextInt(4) == 0, reported);
    }

    /** The whole answer once more, with the finish reason. */
    private static String repetition(String text) {
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("message", new JsonObject().put("content", text))
                .put("finish_reason", "stop");
        return "data: "
                + new JsonObject().put("choices", new JsonArray().add(choice)).encode() + "\n\n";
    }

    private static String one(List<String> forms, Random random) {
        return forms.get(random.nextInt(forms.size()));
    }

    private static void noise(StringBuilder bytes, Random random) {
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes.append(one(NOISE, random));
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
    private static void send(HttpServerResponse response, Stream stream, Random random) {
        byte[] bytes = stream.bytes().getBytes(StandardCharsets.UTF_8);
        List<Buffer> pieces = new ArrayList<>();
        int size = 1 + random.nextInt(200);
        for (int at = 0; at < bytes.length; at += size) {
            pieces.add(Buffer.buffer().appendBytes(bytes, at, Math.min(size, bytes.length - at)));
        }
        Future<Void> written = Future.succeededFuture();
        for (Buffer piece : pieces) {
            written = response.write(piece);
        }
        written.onSuccess(all -> {
            if (stream.cut()) {
                response.reset();
            } else {
                response.end();
            }
        });
    }
}
