package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thought and text of an answer in channels, in whatever pieces it is generated. */
class ChannelSplitterTest {

    private static final String MIXED = "<|channel|>analysis<|message|>hm 😀 a<b<|<|end|><|start|>assistant<|channel|>"
            + "commentary<|message|>so<|end|><|start|>assistant<|channel|>final<|message|>Hé <|x <|return|>rest";

    /** What a splitter gave. */
    private record Answer(String thought, String text, boolean isEnded) {}

    private static Answer split(boolean isText, String generated, int... cuts) {
        var splitter = new ChannelSplitter(false, isText);
        byte[] bytes = generated.getBytes(StandardCharsets.UTF_8);
        StringBuilder thought = new StringBuilder();
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? bytes.length : cuts[i];
            splitter.append(queue(bytes, from, to), false);
            from = to;
            if (i == cuts.length) {
                splitter.end();
            }
            thought.append(splitter.releaseThought());
            text.append(splitter.text().remove(splitter.text().length()));
        }
        assertThat(splitter.holds()).isFalse();
        return new Answer(thought.toString(), text.toString(), splitter.isEnded());
    }

    private static ByteQueue queue(byte[] bytes, int from, int to) {
        var queue = new ByteQueue();
        for (int i = from; i < to; i++) {
            queue.append(bytes[i]);
        }
        return queue;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Hi<|return|>,"
                        + " hm, Hi, true",
                "<|channel|>final<|message|>Hi<|return|>, \"\", Hi, true",
                "<|channel|>final<|message|>Hi, \"\", Hi, false",
                "<|channel|>final <|constrain|>json<|message|>{}<|return|>, \"\", {}, true",
                "<|channel|>final<|constrain|>json<|message|>{}<|return|>, \"\", {}, true",
                "<|message|>Hi<|end|>, \"\", Hi, true",
                "\" to=f.x<|channel|>commentary json<|message|>{}<|call|>Hi\", {}, \"\", true",
                "<|channel|>analysis<|message|>hm<|channel|>final<|message|>Hi, hm, Hi, false",
                "<|channel|>analysis<|message|>hm<|call|>Hi, hm, \"\", true",
                "<|channel|>analysis<|message|>a<|message|>b<|end, a<|message|>b<|end, \"\", false",
                "<|channel|>final<|message|>a<|channel|>b<|end|><|start|>user<|message|>c, \"\", a<|channel|>b, true",
                "<|channel|>final<|message|>a<|start|>user, \"\", a, true",
                "<|channel|>ana, \"\", \"\", false",
                "<|channel|>analysis<|message|>hm<|end|><|start|>assist, hm, \"\", false",
                "<|channel|>analysis<|message|>hm<|end|>Hi, hm, Hi, false",
                "Hi <b>, \"\", Hi <b>, false",
                "Hi <|return|>x, \"\", \"Hi \", true",
                "\"\", \"\", \"\", false",
            })
    void messageOfEachChannelIsThoughtOrText(String generated, String thought, String text, boolean isEnded) {
        assertThat(split(false, generated)).isEqualTo(new Answer(thought, text, isEnded));
    }

    @Test
    void piecesMayEndAtEachByte() {
        byte[] bytes = MIXED.getBytes(StandardCharsets.UTF_8);
        Answer whole = new Answer("hm 😀 a<b<|so", "Hé <|x ", true);
        for (int cut = 0; cut <= bytes.length; cut++) {
            if (isStart(bytes, cut)) {
                assertThat(split(false, MIXED, cut)).as("cut at %d", cut).isEqualTo(whole);
            }
        }
        int[] all = IntStream.range(1, bytes.length)
                .filter(cut -> isStart(bytes, cut))
                .toArray();
        assertThat(split(false, MIXED, all)).isEqualTo(whole);
    }

    /** A piece has whole code points. */
    private static boolean isStart(byte[] bytes, int at) {
        return at == bytes.length || (bytes[at] & 0xc0) != 0x80;
    }

    @Test
    void promptMayEndWithTheStartOfTheText() {
        assertThat(split(true, "Hi<|return|>")).isEqualTo(new Answer("", "Hi", true));
        assertThat(split(true, "Hi<|end|><|start|>user")).isEqualTo(new Answer("", "Hi", true));
    }

    @Test
    void answerWithoutMarksIsTextOnceItIsTooLongForAHeader() {
        var splitter = new ChannelSplitter(false, false);
        byte[] bytes = "x".repeat(257).getBytes(StandardCharsets.UTF_8);

        splitter.append(queue(bytes, 0, 256), false);
        assertThat(splitter.text().length()).isZero();
        assertThat(splitter.holds()).isTrue();

        splitter.append(queue(bytes, 256, 257), false);
        assertThat(splitter.text().length()).isEqualTo(257);
        assertThat(splitter.hasThought()).isFalse();
        assertThat(splitter.holds()).isFalse();
    }

    @Test
    void whatSpellsAMarkIsTextIfMarksAreTokens() {
        var splitter = new ChannelSplitter(true, false);
        append(splitter, "<|channel|>", true);
        append(splitter, "final", false);
        append(splitter, "<|message|>", true);
        append(splitter, "<|end|>", false);
        append(splitter, "\ufffd<|end|>", true);

        assertThat(splitter.isEnded()).isTrue();
        assertThat(splitter.text().remove(splitter.text().length()).toString()).isEqualTo("<|end|>\ufffd");
    }

    private static void append(ChannelSplitter splitter, String text, boolean isMark) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.append(queue(bytes, 0, bytes.length), isMark);
    }
}
