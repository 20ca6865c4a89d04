package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.http.openai.Golden;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not text in the answers of {@code POST /v1/chat/completions}, byte by byte, and its absence elsewhere. */
@ExtendWith(PlayedService.class)
class ChatPartsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String WHOLE = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    ChatPartsTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    private Play start(String path, String body, String... headers) throws Exception {
        wire.post(path, service.key(), body, headers);
        return generator.accept();
    }

    private static void play(Play play) {
        play.think("Hm,").think(" a \"tale\"ö").say("Once").say(" \"up\nö");
        play.finish(FinishReason.LENGTH, new Usage(4, 2, false));
    }

    private static String normal(Answer answer, Play play) {
        return answer.body().replace(play.id(), "gen_1");
    }

    @ParameterizedTest
    @CsvSource({"true, chat-stream-with-reasoning.txt", "false, chat-whole-with-reasoning.json"})
    void answerIsTheFile(boolean isStreamed, String file) throws Exception {
        Play play = start(CHAT, isStreamed ? STREAM : WHOLE);
        play(play);

        assertThat(normal(wire.answer(), play)).isEqualTo(Golden.file(file));
    }

    @Test
    void firstByteIsTheFirstPart() throws Exception {
        Play play = start(CHAT, STREAM);
        wire.head();

        play.think("Hm");

        assertThat(wire.event()).contains("\"role\":\"assistant\"").contains("{\"reasoning_content\":\"Hm\"}");
        play.say("Once");
        assertThat(wire.event()).contains("\"content\":\"Once\"").doesNotContain("role");
        play.finish();
        wire.rest();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/generate/stream  | {\"prompt\":\"hi\"}",
                "/v1/generate         | {\"prompt\":\"hi\"}",
                "/v1/completions      | {\"prompt\":\"hi\",\"stream\":true}",
                "/v1/completions      | {\"prompt\":\"hi\"}"
            })
    void otherRoutesShowTextAlone(String path, String body) throws Exception {
        play(start(path, body));

        assertThat(wire.answer().body()).contains("Once").doesNotContain("tale").doesNotContain("reasoning");
    }

    @Test
    void slowClientGetsPartsInTheirPlacesAndTextFoldedBetweenThem() throws Exception {
        StringBuilder expected = new StringBuilder();
        try (HttpWire slow = new HttpWire(service.port(), 4096)) {
            slow.post(CHAT, service.key(), STREAM);
            Play play = generator.accept();
            slow.head();
            for (int i = 0; i < 3000; i++) {
                String piece = i + "ü" + "x".repeat(300);
                if (i % 10 == 0) {
                    play.think(piece);
                    expected.append('[').append(piece).append(']');
                } else {
                    play.say(piece);
                    expected.append(piece);
                }
            }
            play.finish();

            assertThat(ChatStream.answer(slow.rest())).isEqualTo(expected.toString());
        }
        assertThat(service.metric("runnel_held_bytes{kind=\"texts\"}")).isZero();
    }

    @Test
    void retryGetsThePartsAndTheTimeOfTheFirstAnswer() throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Play play = start(CHAT, STREAM, idempotency);
        play(play);
        Answer first = wire.answer();
        service.passSeconds(7);

        Answer again = wire.post(CHAT, service.key(), STREAM, idempotency).answer();
        Answer whole = wire.post(CHAT, service.key(), WHOLE, idempotency).answer();
        service.passSeconds(-7);

        assertThat(again.body()).contains("\"created\":" + TestService.CREATED);
        assertThat(ChatStream.answer(first.body())).isEqualTo("[Hm,][ a \"tale\"ö]Once \"up\nö");
        assertThat(ChatStream.answer(again.body())).isEqualTo("[Hm,][ a \"tale\"ö]Once \"up\nö");
        assertThat(normal(whole, play)).isEqualTo(Golden.file("chat-whole-with-reasoning.json"));
        Answer ours = wire.get("/v1/generate/" + play.id() + "/stream", HttpWire.bearer(service.key()))
                .answer();
        assertThat(ours.body()).contains("Once").doesNotContain("tale");
    }

    /** A part at the place of the cursor may have been lost with the connection. */
    @ParameterizedTest
    @CsvSource({"0, [a]one[b][c]two[d]", "2, e[b][c]two[d]", "3, [b][c]two[d]", "4, wo[d]", "6, [d]"})
    void cursorCountsTextAndPartsAtItsPlaceAreSent(int cursor, String rest) throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Play play = start(CHAT, STREAM, idempotency);
        play.think("a").say("one").think("b").think("c").say("two").think("d").finish();
        String first = wire.answer().body();
        assertThat(first).contains("\nid: 3\ndata: ", "\nid: 6\ndata: ").doesNotContain("id: 0");

        Answer resumed = wire.post(CHAT, service.key(), STREAM, idempotency, "Last-Event-ID: " + cursor)
                .answer();

        assertThat(ChatStream.answer(resumed.body())).isEqualTo(rest);
    }

    @Test
    void readerThatIsAttachedWhileItRunsGetsPartsFromOtherLanes() throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Play play = start(CHAT, STREAM, idempotency);
        play.think("a").say("one");
        wire.head();
        wire.event();
        try (HttpWire second = new HttpWire(service.port());
                HttpWire third = new HttpWire(service.port())) {
            // The service has two lanes, so at least one of both is on the other.
            for (HttpWire other : new HttpWire[] {second, third}) {
                other.post(CHAT, service.key(), STREAM, idempotency);
                other.head();
                assertThat(other.event()).contains("{\"reasoning_content\":\"a\"}");
                assertThat(other.event()).contains("{\"content\":\"one\"}");
            }
            play.think("b");
            assertThat(second.event()).contains("{\"reasoning_content\":\"b\"}");
            assertThat(third.event()).contains("{\"reasoning_content\":\"b\"}");
        }
        play.finish();
        wire.rest();
    }
}
