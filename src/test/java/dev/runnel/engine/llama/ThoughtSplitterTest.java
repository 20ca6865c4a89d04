package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thought and text of an answer, in whatever pieces it is generated. */
class ThoughtSplitterTest {

    private static final ThoughtMarks MARKS = new ThoughtMarks("<think>", "</think>");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "false, \"<think>hm</think>Hi\", hm, Hi",
                "false, \"\n<think>\n hm \n</think>\n\nHi \n\", \"hm \n\", \"Hi \n\"",
                "false, \"<think></think>Hi\", \"\", Hi",
                "false, \"<think>\n\n</think>\n\nHi\", \"\", Hi",
                "false, Hi, \"\", Hi",
                "false, \" \n Hi <think>x</think>\", \"\", \" \n Hi <think>x</think>\"",
                "false, \"<thin air>\", \"\", \"<thin air>\"",
                "false, \"  <thi\", \"\", \"  <thi\"",
                "false, \"<think>hm</thin\", \"hm</thin\", \"\"",
                "false, \"<think>a<b</</thinK></think>é</think>\", \"a<b</</thinK>\", \"é</think>\"",
                "true, \"hm</think>Hi\", hm, Hi",
                "true, \"\n\nhm 😀\n</think>\nHi<think>\", \"hm 😀\n\", \"Hi<think>\"",
                "true, hm, hm, \"\"",
            })
    void thoughtAndTextAreSeparated(boolean isOpen, String generated, String thought, String text) {
        byte[] bytes = generated.getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            var splitter = new ThoughtSplitter(MARKS, isOpen);
            StringBuilder thoughts = new StringBuilder();
            StringBuilder texts = new StringBuilder();
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(5));
                while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
                    end++;
                }
                splitter.append(queue(bytes, at, end), false);
                at = end;
                if (at == bytes.length) {
                    splitter.end();
                }
                thoughts.append(splitter.releaseThought());
                texts.append(splitter.text().remove(splitter.text().length()));
            }

            assertThat(texts.toString()).as("text, seed " + seed).isEqualTo(text);
            assertThat(thoughts.toString()).as("thought, seed " + seed).isEqualTo(thought);
        }
    }

    @Test
    void textIsPassedOnAtOnceAfterTheFirstOtherCharacter() {
        var splitter = new ThoughtSplitter(MARKS, false);
        splitter.append(queue("<x".getBytes(StandardCharsets.UTF_8), 0, 2), false);

        assertThat(splitter.text().length()).isEqualTo(2);
        assertThat(splitter.hasThought()).isFalse();
        assertThat(splitter.holds()).isFalse();
    }

    private static ByteQueue queue(byte[] bytes, int from, int to) {
        var queue = new ByteQueue();
        for (int i = from; i < to; i++) {
            queue.append(bytes[i]);
        }
        return queue;
    }
}
