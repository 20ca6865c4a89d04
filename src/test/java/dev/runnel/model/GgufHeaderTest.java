package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.llama.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTest {

    private static final int U32 = 4;
    private static final int TEXT = 8;
    private static final int ARRAY = 9;

    @TempDir
    Path folder;

    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.putLong(utf8.length).put(utf8);
    }

    private void start(int version, long entries) {
        bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putLong(0)
                .putLong(entries);
    }

    private GgufHeader read() throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(file, Arrays.copyOf(bytes.array(), bytes.position()));
        return GgufHeader.read(file);
    }

    @Test
    void headerHasContextTemplateAndTheMemoryOfAToken() throws IOException {
        // 2 layers, 2 heads for keys and values, each 16 numbers of 2 bytes for a key and for a value.
        assertThat(GgufHeader.read(TinyModel.write(folder.resolve("tiny.gguf"))))
                .isEqualTo(new GgufHeader("llama", 2048, 2 * 2 * (16 + 16) * 2, true));
    }

    @Test
    void layersMayHaveDifferentNumbersOfHeads() throws IOException {
        start(3, 5);
        text("general.architecture");
        bytes.putInt(TEXT);
        text("x");
        text("tokens");
        bytes.putInt(ARRAY).putInt(TEXT).putLong(2);
        text("a");
        text("b");
        text("x.attention.head_count_kv");
        bytes.putInt(ARRAY).putInt(U32).putLong(3).putInt(4).putInt(0).putInt(2);
        text("x.attention.key_length");
        bytes.putInt(U32).putInt(10);
        text("x.attention.value_length");
        bytes.putInt(U32).putInt(5);

        assertThat(read()).isEqualTo(new GgufHeader("x", 0, (4 + 2) * (10 + 5) * 2, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void otherVersionsAreRefused(int version) {
        start(version, 0);

        assertThatThrownBy(this::read).hasMessage("GGUF of version " + version + " (expected: 2 or 3)");
    }

    @Test
    void brokenHeadersAreRefused() throws IOException {
        bytes.put("GGML".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(this::read).hasMessageContaining("does not start with GGUF");

        bytes.clear();
        start(3, Long.MAX_VALUE);
        assertThatThrownBy(this::read).hasMessageContaining("(expected: at most");

        bytes.clear();
        start(3, 1);
        bytes.putLong(-1);
        assertThatThrownBy(this::read).hasMessageContaining("bytes of a text");

        bytes.clear();
        start(3, 1);
        text("x");
        assertThatThrownBy(this::read).hasMessage("the file ends within its header");
    }
}
