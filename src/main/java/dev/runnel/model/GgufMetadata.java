package dev.runnel.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The metadata of a GGUF file, by key. Only small values are kept. */
final class GgufMetadata {

    /** A longer text is skipped. */
    static final int KEPT_TEXT_BYTES = 256;

    static final String TOKENS = "tokenizer.ggml.tokens";

    /** Llama models of 2026 have about 40. */
    private static final GgufRange ENTRIES = new GgufRange(0, 4096);

    private static final GgufRange KEY_BYTES = new GgufRange(1, 256);
    private static final GgufRange TEXT_BYTES = new GgufRange(0, 64 << 20);
    private static final GgufRange ELEMENT_BYTES = new GgufRange(0, 1 << 20);

    /** Vocabularies of 2026 have up to 262,144 tokens and twice as many merges. */
    private static final GgufRange ELEMENTS = new GgufRange(0, 16 << 20);

    private static final GgufRange TOKEN_ELEMENTS = new GgufRange(0, 1 << 20);

    /** A list with one number for each layer is shorter. */
    private static final int KEPT_NUMBERS = 4096;

    private static final GgufRange NO_RANGE = new GgufRange(0, 0);

    private final GgufInput in;
    private final Map<String, GgufValue> values = new LinkedHashMap<>();

    private GgufMetadata(GgufInput in) {
        this.in = in;
    }

    static GgufMetadata read(GgufInput in, long count) throws IOException {
        ENTRIES.checked("metadata_kv_count", count);
        GgufMetadata metadata = new GgufMetadata(in);
        for (long i = 0; i < count; i++) {
            metadata.readEntry("metadata_kv[" + i + "].key");
        }
        return metadata;
    }

    Optional<GgufValue> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Map<String, GgufValue> values() {
        return values;
    }

    /** The text of a key; empty if it has none. */
    String text(String key) {
        return values.get(key) instanceof GgufValue.Text text ? text.text() : "";
    }

    OptionalLong number(String key) {
        return values.get(key) instanceof GgufValue.Whole whole ? OptionalLong.of(whole.value()) : OptionalLong.empty();
    }

    private void readEntry(String field) throws IOException {
        String key = ascii(field, in.bytes(length(field, KEY_BYTES), field));
        if (values.containsKey(key)) {
            throw new GgufException(field, key, "a key that no other entry has");
        }
        values.put(key, read(key));
    }

    private GgufValue read(String key) throws IOException {
        GgufType type = GgufType.read(in, key);
        return switch (type) {
            case STRING -> new GgufValue.Text(keptText(key));
            case ARRAY -> array(key, GgufType.read(in, key));
            case FLOAT32 -> new GgufValue.Fraction(Float.intBitsToFloat((int) in.u32(key)));
            case FLOAT64 -> new GgufValue.Fraction(Double.longBitsToDouble(in.integer(Long.BYTES, true, key)));
            default -> new GgufValue.Whole(type, in.integer(type.bytes(), type.isSigned(), key));
        };
    }

    private String keptText(String key) throws IOException {
        int length = length(key, TEXT_BYTES);
        if (length > KEPT_TEXT_BYTES) {
            in.skip(length, key);
            return "";
        }
        return new String(in.bytes(length, key), StandardCharsets.UTF_8);
    }

    private GgufValue array(String key, GgufType type) throws IOException {
        if (type == GgufType.ARRAY) {
            throw new GgufException(key, "an array of arrays", "an array of other types");
        }
        GgufRange most = key.equals(TOKENS) ? TOKEN_ELEMENTS : ELEMENTS;
        int length = (int) most.checked(key, in.u64(key), " elements");
        in.need((long) length * (type == GgufType.STRING ? Long.BYTES : type.bytes()), key);
        if (type == GgufType.STRING) {
            texts(key, length);
        } else if (type.isWhole() && length > 0 && length <= KEPT_NUMBERS) {
            return numbers(key, type, length);
        } else {
            in.skip((long) length * type.bytes(), key);
        }
        return new GgufValue.Array(type, length, NO_RANGE, 0);
    }

    private GgufValue numbers(String key, GgufType type, int length) throws IOException {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        long sum = 0;
        for (int i = 0; i < length; i++) {
            long number = in.integer(type.bytes(), type.isSigned(), key);
            least = Math.min(least, number);
            most = Math.max(most, number);
            sum += number;
        }
        return new GgufValue.Array(type, length, new GgufRange(least, most), sum);
    }

    private void texts(String key, int length) throws IOException {
        if (key.equals(TOKENS)) {
            tokens(length);
            return;
        }
        for (int i = 0; i < length; i++) {
            in.skip(length(key, ELEMENT_BYTES), key);
        }
    }

    /** Two equal tokens end the process in llama.cpp's loader, which counts the different ones. It names empty ones. */
    private void tokens(int length) throws IOException {
        long[] hashes = new long[length];
        int filled = 0;
        for (int i = 0; i < length; i++) {
            byte[] token = in.bytes(length(TOKENS, ELEMENT_BYTES), TOKENS);
            if (token.length > 0) {
                hashes[filled++] = hash(token);
            }
        }
        Arrays.sort(hashes, 0, filled);
        for (int i = 1; i < filled; i++) {
            if (hashes[i] == hashes[i - 1]) {
                throw new GgufException(TOKENS, "two equal tokens", "different ones");
            }
        }
    }

    /** FNV-1a of 64 bits. Two of a million different tokens have one hash with a probability of 1 in 30 million. */
    private static long hash(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : bytes) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private int length(String field, GgufRange bytes) throws IOException {
        return length(in, field, bytes);
    }

    static int length(GgufInput in, String field, GgufRange bytes) throws IOException {
        return (int) bytes.checked(field, in.u64(field), " bytes");
    }

    /** Only printable characters of ASCII, so that messages may show the name. */
    static String ascii(String field, byte[] bytes) throws GgufException {
        for (byte each : bytes) {
            if (each < ' ' || each == 0x7f) {
                throw new GgufException(field, "a byte " + (each & 0xff), "printable ASCII");
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
