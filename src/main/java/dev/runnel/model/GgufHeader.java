package dev.runnel.model;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the header of a GGUF file says about its model. Source: the GGUF specification of the ggml project, versions 2
 * and 3.
 *
 * @param architecture such as {@code llama}
 * @param contextTokens the context that it was trained for; 0 if the file does not say
 * @param cellBytes the memory of one token in the context, in half precision; 0 if the file does not say
 * @param hasChatTemplate whether it has a template for conversations
 */
public record GgufHeader(String architecture, long contextTokens, long cellBytes, boolean hasChatTemplate) {

    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
    private static final int OLDEST_VERSION = 2;
    private static final int MOST_ENTRIES = 65_536;
    private static final int MOST_KEY_BYTES = 65_536;
    private static final long MOST_VALUE_BYTES = 1L << 30;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int MOST_LAYERS = 65_536;

    /** The bytes of a value by its type: u8, i8, u16, i16, u32, i32, f32, bool, string, array, u64, i64, f64. */
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    /** Half precision, for keys and for values. */
    private static final int NUMBER_BYTES = 2;

    /**
     * Reads the header only.
     *
     * @throws IOException also if the file is not a GGUF file of a known version; the message says so
     */
    public static GgufHeader read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException("not a model: it does not start with GGUF");
            }
            int version = Integer.reverseBytes(in.readInt());
            if (version < OLDEST_VERSION || version > OLDEST_VERSION + 1) {
                throw new IOException("GGUF of version " + version + " (expected: 2 or 3)");
            }
            in.skipNBytes(Long.BYTES);
            return of(new Entries(in).read());
        } catch (EOFException e) {
            throw new IOException("the file ends within its header", e);
        }
    }

    private static GgufHeader of(Entries entries) {
        String architecture = entries.texts.getOrDefault("general.architecture", "");
        long layers = entries.number(architecture + ".block_count");
        long heads = entries.number(architecture + ".attention.head_count");
        long width = entries.number(architecture + ".embedding_length");
        long headWidth = heads == 0 ? 0 : width / heads;
        long key = entries.numberOr(architecture + ".attention.key_length", headWidth);
        long value = entries.numberOr(architecture + ".attention.value_length", headWidth);
        String keyHeads = architecture + ".attention.head_count_kv";
        // An array has one number for each layer.
        long allHeads = entries.sums.containsKey(keyHeads)
                ? entries.sums.get(keyHeads)
                : layers * entries.numberOr(keyHeads, heads);
        return new GgufHeader(
                architecture,
                entries.number(architecture + ".context_length"),
                allHeads * (key + value) * NUMBER_BYTES,
                entries.texts.containsKey("tokenizer.chat_template"));
    }

    /** The entries of interest. */
    private static final class Entries {

        private final DataInputStream in;
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final Map<String, Long> sums = new HashMap<>();

        private Entries(DataInputStream in) {
            this.in = in;
        }

        private Entries read() throws IOException {
            long count = bounded(readLong(), MOST_ENTRIES, "entries");
            for (long i = 0; i < count; i++) {
                String key = text(MOST_KEY_BYTES).orElse("");
                entry(key, Integer.reverseBytes(in.readInt()));
            }
            return this;
        }

        private void entry(String key, int type) throws IOException {
            if (type == STRING) {
                texts.put(key, text(MOST_KEY_BYTES).orElse(""));
            } else if (type == ARRAY) {
                array(key);
            } else {
                numbers.put(key, number(type));
            }
        }

        private void array(String key) throws IOException {
            int type = Integer.reverseBytes(in.readInt());
            long length = bounded(readLong(), MOST_VALUE_BYTES, "elements of " + key);
            if (type == STRING) {
                for (long i = 0; i < length; i++) {
                    text(0);
                }
            } else if (type != ARRAY && length <= MOST_LAYERS) {
                long sum = 0;
                for (long i = 0; i < length; i++) {
                    sum += number(type);
                }
                sums.put(key, sum);
            } else {
                in.skipNBytes(length * size(type));
            }
        }

        private long readLong() throws IOException {
            return Long.reverseBytes(in.readLong());
        }

        /** A text of more than {@code most} bytes is skipped and empty. */
        private Optional<String> text(int most) throws IOException {
            long length = bounded(readLong(), MOST_VALUE_BYTES, "bytes of a text");
            if (length > most) {
                in.skipNBytes(length);
                return Optional.empty();
            }
            return Optional.of(new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
        }

        /** An integer; of a number with a fraction only its bytes are read. */
        private long number(int type) throws IOException {
            long value = 0;
            for (int shift = 0; shift < size(type) * Byte.SIZE; shift += Byte.SIZE) {
                value |= (long) in.readUnsignedByte() << shift;
            }
            return value;
        }

        private static int size(int type) throws IOException {
            if (type < 0 || type >= SIZES.length || SIZES[type] == 0) {
                throw new IOException("a value of type " + type + " (expected: the types of GGUF)");
            }
            return SIZES[type];
        }

        private static long bounded(long value, long most, String what) throws IOException {
            if (value < 0 || value > most) {
                throw new IOException("a header with " + value + " " + what + " (expected: at most " + most + ")");
            }
            return value;
        }

        private long number(String key) {
            return numberOr(key, 0);
        }

        private long numberOr(String key, long other) {
            return numbers.getOrDefault(key, other);
        }
    }
}
