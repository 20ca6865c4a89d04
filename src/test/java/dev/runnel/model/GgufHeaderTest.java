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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTest {

    private static final int U16 = 2;
    private static final int U32 = 4;
    private static final int F32 = 6;
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
        bytes.clear()
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
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
                .isEqualTo(new GgufHeader("llama", 2048, 2 * 2 * (16 + 16) * 2, true, 0));
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

        assertThat(read()).isEqualTo(new GgufHeader("x", 0, (4 + 2) * (10 + 5) * 2, false, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 0x03000000})
    void otherVersionsAreRefused(int version) {
        start(version, 0);

        assertThatThrownBy(this::read).hasMessage("version: " + version + " (expected: 2-3)");
    }

    @Test
    void otherFilesAreRefused() {
        bytes.put("GGML".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(this::read).hasMessage("magic: 47474d4c (expected: 47475546, which is GGUF)");

        bytes.clear();
        bytes.put((byte) 'G');
        assertThatThrownBy(this::read)
                .hasMessage("magic: 4 bytes at byte 0 (expected: at most 1, the rest of the file)");
    }

    @Test
    void countsAndLengthsAreBounded() {
        start(3, Long.MAX_VALUE);
        assertThatThrownBy(this::read).hasMessage("metadata_kv_count: 9223372036854775807 (expected: 0-4096)");

        start(3, -1);
        assertThatThrownBy(this::read)
                .hasMessage("metadata_kv_count: 18446744073709551615 (expected: at most 9223372036854775807)");

        start(3, 1);
        bytes.putLong(257);
        assertThatThrownBy(this::read).hasMessage("metadata_kv[0].key: 257 bytes (expected: 1-256)");

        start(3, 1);
        text("x");
        assertThatThrownBy(this::read).hasMessage("x: 4 bytes at byte 33 (expected: at most 0, the rest of the file)");

        start(3, 1);
        text("x\n");
        assertThatThrownBy(this::read).hasMessage("metadata_kv[0].key: a byte 10 (expected: printable ASCII)");

        tensors(16_385);
        assertThatThrownBy(this::read).hasMessage("tensor_count: 16385 (expected: 0-16384)");
    }

    @Test
    void valuesAreBounded() {
        entry("x", 13);
        assertThatThrownBy(this::read).hasMessage("x: type: 13 (expected: 0-12)");

        entry("x", TEXT).putLong(1L << 40);
        assertThatThrownBy(this::read).hasMessage("x: 1099511627776 bytes (expected: 0-67108864)");

        entry("x", TEXT).putLong(20).putInt(0);
        assertThatThrownBy(this::read).hasMessageStartingWith("x: 20 bytes at byte 45 (expected: at most 4");

        entry("x", ARRAY).putInt(ARRAY).putLong(1);
        assertThatThrownBy(this::read).hasMessage("x: an array of arrays (expected: an array of other types)");

        entry("x", ARRAY).putInt(U32).putLong(1L << 40);
        assertThatThrownBy(this::read).hasMessage("x: 1099511627776 elements (expected: 0-16777216)");

        entry("x", ARRAY).putInt(TEXT).putLong(1 << 24);
        assertThatThrownBy(this::read).hasMessageStartingWith("x: 134217728 bytes at byte 49 (expected: at most 0");

        start(3, 2);
        for (int i = 0; i < 2; i++) {
            text("twice");
            bytes.putInt(U32).putInt(1);
        }
        assertThatThrownBy(this::read)
                .hasMessage("metadata_kv[1].key: twice (expected: a key that no other entry has)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        x.block_count          | 0       | x.block_count: 0 (expected: 1-512)
        x.block_count          | 513     | x.block_count: 513 (expected: 1-512)
        x.embedding_length     | 0       | x.embedding_length: 0 (expected: 1-262144)
        x.attention.head_count | -1      | x.attention.head_count: 4294967295 (expected: 0-65536)
        x.expert_count         | 1025    | x.expert_count: 1025 (expected: 0-1024)
        x.expert_count         | 4       | x.expert_used_count: 0 (expected: 1-4)
        x.expert_used_count    | 4       | x.expert_used_count: 4 (expected: 0-0)
        x.expert_group_count   | 1       | x.expert_group_count: 1 (expected: 0-0)
        x.nextn_predict_layers | 1       | x.nextn_predict_layers: 1 (expected: 0-0)
        general.alignment      | 0       | general.alignment: 0 as UINT32 (expected: a power of two, 8-65536, as UINT32)
        general.alignment      | 48      | general.alignment: 48 as UINT32 (expected: a power of two, 8-65536, as UINT32)
        tokenizer.ggml.tokens  | 1       | tokenizer.ggml.tokens: 1 as UINT32 (expected: an array of STRING)
        split.count            | 70000   | split.count: 70000 (expected: 0-1000)
        """)
    void numbersThatALoaderTrustsAreChecked(String key, int value, String line) {
        start(3, 2);
        text("general.architecture");
        bytes.putInt(TEXT);
        text("x");
        text(key);
        bytes.putInt(U32).putInt(value);

        assertThatThrownBy(this::read).hasMessage(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        8  | 0 | x.expert_group_count: 8 (expected: 0-7)
        3  | 1 | x.expert_group_count: 3 (expected: a divisor of 8, the number of experts)
        4  | 0 | x.expert_group_used_count: 0 (expected: 1-3)
        4  | 4 | x.expert_group_used_count: 4 (expected: 1-3)
        """)
    void groupsOfExpertsAreChecked(int groups, int used, String line) {
        start(3, 5);
        text("general.architecture");
        bytes.putInt(TEXT);
        text("x");
        number("x.expert_count", 8);
        number("x.expert_used_count", 2);
        number("x.expert_group_count", groups);
        number("x.expert_group_used_count", used);

        assertThatThrownBy(this::read).hasMessage(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        rope.dimension_count             | 0  | qwen3 | qwen3.rope.dimension_count: 0 (expected: an even number, >= 2)
        rope.dimension_count             | 7  | phi2  | phi2.rope.dimension_count: 7 (expected: an even number, >= 2)
        rope.dimension_count_swa         | 0  | phi2  | phi2.rope.dimension_count_swa: 0 (expected: an even number, >= 2)
        rope.dimension_count             | 8  | qwen3 | qwen3.rope.dimension_count: 8 (expected: 16, the length of a key)
        rope.dimension_count             | 18 | phi2  | phi2.rope.dimension_count: 18 (expected: at most 16, the length of a key)
        attention.value_length           | 8  | qwen3 | qwen3.attention.value_length: 8 (expected: 16, the length of a key)
        attention.key_length             | 8  | qwen3 | qwen3.attention.value_length: 16 (expected: 8, the length of a key)
        attention.sliding_window_pattern | 1  | phi2  | phi2.attention.sliding_window_pattern: 1 (expected: 0, or >= 2)
        """)
    void sizesOfHeadsAreChecked(String key, int value, String architecture, String line) {
        heads(architecture, key, value);

        assertThatThrownBy(this::read).hasMessage(line);
    }

    @ParameterizedTest
    @CsvSource({
        "phi2, rope.dimension_count, 8",
        "deepseek2, attention.key_length, 24",
        "qwen3, rope.dimension_count, 16",
        "mamba, attention.head_count, 0"
    })
    void architecturesMayRotateAPartOfTheHeadOrHaveNone(String architecture, String key, int value) throws IOException {
        heads(architecture, key, value);

        assertThat(read().architecture()).isEqualTo(architecture);
    }

    /** Heads of 16 numbers, and one more entry. */
    private void heads(String architecture, String key, int value) {
        boolean isCount = key.equals("attention.head_count");
        start(3, isCount ? 4 : 5);
        text("general.architecture");
        bytes.putInt(TEXT);
        text(architecture);
        number(architecture + ".embedding_length", 64);
        if (!isCount) {
            number(architecture + ".attention.head_count", 4);
        }
        number(architecture + ".attention.sliding_window", 32);
        number(architecture + "." + key, value);
    }

    private void number(String key, int value) {
        text(key);
        bytes.putInt(U32).putInt(value);
    }

    @Test
    void listOfUsedExpertsIsChecked() {
        start(3, 3);
        text("general.architecture");
        bytes.putInt(TEXT);
        text("x");
        number("x.expert_count", 8);
        text("x.expert_used_count");
        bytes.putInt(ARRAY).putInt(U32).putLong(2).putInt(2).putInt(9);

        assertThatThrownBy(this::read).hasMessage("x.expert_used_count: 9 (expected: 1-8)");
    }

    @Test
    void listsThatALoaderTrustsAreChecked() {
        start(3, 3);
        vocabulary("a", "b");
        text("tokenizer.ggml.scores");
        bytes.putInt(ARRAY).putInt(F32).putLong(1).putFloat(0);
        assertThatThrownBy(this::read)
                .hasMessage("tokenizer.ggml.scores: 1 elements (expected: 2, one for each token)");

        start(3, 2);
        vocabulary("a", "a");
        assertThatThrownBy(this::read).hasMessage("tokenizer.ggml.tokens: two equal tokens (expected: different ones)");

        start(3, 3);
        vocabulary("a", "b");
        text("x.attention.head_count");
        bytes.putInt(ARRAY).putInt(F32).putLong(1).putFloat(0);
        assertThatThrownBy(this::read)
                .hasMessage("x.attention.head_count: an array of FLOAT32 (expected: INT32 or UINT32)");

        start(3, 3);
        vocabulary("a", "b");
        text("x.attention.layer_norm_rms_epsilon");
        bytes.putInt(F32).putFloat(-1);
        assertThatThrownBy(this::read).hasMessage("x.attention.layer_norm_rms_epsilon: -1.0 (expected: > 0-1)");

        start(3, 3);
        vocabulary("a", "b");
        text("x.rope.scaling.type");
        bytes.putInt(TEXT);
        text("odd");
        assertThatThrownBy(this::read)
                .hasMessage("x.rope.scaling.type: a text of 3 characters (expected: none, linear, yarn or longrope)");
    }

    @Test
    void tensorsLieWithinTheFile() throws IOException {
        tensor(0, 0, 8).put(new byte[39]);
        assertThat(read().architecture()).isEmpty();

        tensor(0, 0, 8).put(new byte[38]);
        assertThatThrownBy(this::read)
                .hasMessageStartingWith("t.offset: 0 (expected: 32 bytes after byte 64 of a file");

        tensor(0, 1, 8).put(new byte[64]);
        assertThatThrownBy(this::read).hasMessage("t.offset: 1 (expected: a multiple of 32)");

        tensor(0, Long.MAX_VALUE - 31, 8).put(new byte[64]);
        assertThatThrownBy(this::read).hasMessageStartingWith("t.offset: 9223372036854775776 (expected: ");

        tensor(0, 0, 0);
        assertThatThrownBy(this::read).hasMessage("t.dimensions[0]: 0 (expected: 1-2147483647)");

        tensor(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThatThrownBy(this::read)
                .hasMessageStartingWith("t.dimensions[0]: 2147483647 (expected: a tensor of at most ");

        tensor(0, 0, 1, 1, 1, 1, 1);
        assertThatThrownBy(this::read).hasMessage("t.n_dimensions: 5 (expected: 1-4)");

        tensor(12, 0, 8);
        assertThatThrownBy(this::read).hasMessage("t.dimensions[0]: 8 (expected: a multiple of 256 for type 12)");

        tensor(-1, 0, 8);
        assertThatThrownBy(this::read).hasMessage("t.type: 4294967295 (expected: a type of ggml, such as 0 for F32)");
    }

    @Test
    void otherFilesOfASplitModelAreChecked() throws IOException {
        start(3, 1);
        text("split.count");
        bytes.putInt(U16).putShort((short) 2);
        Path first = folder.resolve("m-00001-of-00002.gguf");
        Files.write(first, Arrays.copyOf(bytes.array(), bytes.position()));
        assertThat(GgufHeader.read(first).architecture()).isEmpty();

        Files.writeString(folder.resolve("m-00002-of-00002.gguf"), "GGUF");
        assertThatThrownBy(() -> GgufHeader.read(first)).hasMessageStartingWith("version: ");
    }

    private ByteBuffer entry(String key, int type) {
        start(3, 1);
        text(key);
        return bytes.putInt(type);
    }

    private void vocabulary(String... tokens) {
        text("general.architecture");
        bytes.putInt(TEXT);
        text("x");
        text("tokenizer.ggml.tokens");
        bytes.putInt(ARRAY).putInt(TEXT).putLong(tokens.length);
        for (String token : tokens) {
            text(token);
        }
    }

    private void tensors(long count) {
        start(3, 0);
        bytes.putLong(Long.BYTES, count);
    }

    private ByteBuffer tensor(int type, long offset, long... shape) {
        tensors(1);
        text("t");
        bytes.putInt(shape.length);
        for (long each : shape) {
            bytes.putLong(each);
        }
        return bytes.putInt(type).putLong(offset);
    }
}
