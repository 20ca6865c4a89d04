package dev.runnel.net.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkFramingTest {

    private final ChunkFraming framing = new ChunkFraming();
    private final StringBuilder data = new StringBuilder();

    private ChunkFraming.Found read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        framing.start();
        ChunkFraming.Found found;
        while ((found = framing.next(bytes, bytes.length)) == ChunkFraming.Found.DATA) {
            int from = framing.at();
            data.append(text, from, from + framing.passData(bytes.length));
        }
        if (found == ChunkFraming.Found.OTHER) {
            data.append('|')
                    .append(framing.unread().toString(StandardCharsets.ISO_8859_1))
                    .append(text.substring(framing.at()));
        }
        return found;
    }

    @Test
    void chunksMayBeCutAnywhere() {
        String chunks = "5\r\nHello\r\n0B\r\n, \r\nworld\r\n\r\n00001\r\n!\r\n0\r\nX: y\r\n\r\n";
        for (int first = 0; first <= chunks.length(); first++) {
            for (int second = first; second <= chunks.length(); second++) {
                ChunkFramingTest test = new ChunkFramingTest();
                String cut = first + " " + second;
                boolean over = test.read(chunks.substring(0, first)) == ChunkFraming.Found.OTHER
                        || test.read(chunks.substring(first, second)) == ChunkFraming.Found.OTHER
                        || test.read(chunks.substring(second)) == ChunkFraming.Found.OTHER;

                assertThat(over).as(cut).isTrue();
                assertThat(test.data.toString()).as(cut).startsWith("Hello, \r\nworld\r\n!|0\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;name=value\r\nHello\r\n",
                "5 \r\nHello\r\n",
                " 5\r\nHello\r\n",
                "5\nHello\r\n",
                "-5\r\nHello\r\n",
                "\r\nHello\r\n",
                "g\r\nHello\r\n",
                "00000005\r\nHello\r\n",
                "ffffffff\r\nHello\r\n",
                "0\r\n\r\n"
            })
    void otherChunksAreLeftAsTheyAre(String chunk) {
        assertThat(read("1\r\na\r\n" + chunk)).isEqualTo(ChunkFraming.Found.OTHER);
        assertThat(data.toString()).isEqualTo("a|" + chunk);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nab\r\n", "1\r\na\n", "1\r\na\rb", "1\r\na\r\r\n"})
    void chunkThatDoesNotEndWhereItSaysIsBroken(String chunk) {
        assertThat(read(chunk)).isEqualTo(ChunkFraming.Found.BROKEN);
    }
}
