package dev.runnel.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What the header of a GGUF file says about its model. Source: the GGUF specification of the ggml project, versions 2
 * and 3.
 *
 * @param architecture such as {@code llama}
 * @param contextTokens the context that it was trained for; 0 if the file does not say
 * @param cellBytes the memory of one token in the context, in half precision; 0 if the file does not say
 * @param hasChatTemplate whether it has a template for conversations
 * @param experts how many of them each layer has, 0 … 1024; a loader may know fewer
 */
public record GgufHeader(
        String architecture, long contextTokens, long cellBytes, boolean hasChatTemplate, long experts) {

    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
    private static final GgufRange VERSIONS = new GgufRange(2, 3);

    /** Half precision, for keys and for values. */
    private static final int NUMBER_BYTES = 2;

    /**
     * Reads and checks the header: counts, lengths, types and sizes, and that each tensor lies within the file. A model
     * file is foreign input, and llama.cpp's loader trusts much of it. Files that a split model names are checked too.
     * The memory is at most 16 MB, and the time grows with the size of the header.
     *
     * @throws GgufException if the header is not valid
     */
    public static GgufHeader read(Path file) throws IOException {
        GgufMetadata metadata = checked(file);
        for (Path other : others(file, metadata.number(GgufRules.SPLIT_COUNT).orElse(0))) {
            checked(other);
        }
        return of(metadata);
    }

    private static GgufMetadata checked(Path file) throws IOException {
        try (GgufInput in = GgufInput.open(file)) {
            checkMagic(in);
            VERSIONS.checked("version", in.u32("version"));
            long tensors = in.u64("tensor_count");
            GgufMetadata metadata = GgufMetadata.read(in, in.u64("metadata_kv_count"));
            GgufRules.check(metadata);
            GgufTensors.check(in, tensors, GgufRules.alignment(metadata));
            return metadata;
        } catch (EOFException e) {
            throw new IOException("the file became shorter while it was read", e);
        }
    }

    private static void checkMagic(GgufInput in) throws IOException {
        byte[] start = in.bytes(MAGIC.length, "magic");
        if (!Arrays.equals(start, MAGIC)) {
            HexFormat hex = HexFormat.of();
            throw new GgufException("magic", hex.formatHex(start), hex.formatHex(MAGIC) + ", which is GGUF");
        }
    }

    /** The other files of a split model, as llama.cpp finds them: {@code name-00002-of-00003.gguf}. */
    private static List<Path> others(Path file, long count) {
        List<Path> others = new ArrayList<>();
        String end = ending(1, count);
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(end)) {
            String start = name.substring(0, name.length() - end.length());
            for (long i = 2; i <= count; i++) {
                Path other = file.resolveSibling(start + ending(i, count));
                if (Files.exists(other)) {
                    others.add(other);
                }
            }
        }
        return others;
    }

    private static String ending(long number, long count) {
        return String.format(Locale.ROOT, "-%05d-of-%05d.gguf", number, count);
    }

    private static GgufHeader of(GgufMetadata metadata) {
        String architecture = metadata.text(GgufRules.ARCHITECTURE);
        long layers = metadata.number(architecture + ".block_count").orElse(0);
        long heads = metadata.number(architecture + ".attention.head_count").orElse(0);
        long width = metadata.number(architecture + ".embedding_length").orElse(0);
        long headWidth = heads == 0 ? 0 : width / heads;
        long key = metadata.number(architecture + ".attention.key_length").orElse(headWidth);
        long value = metadata.number(architecture + ".attention.value_length").orElse(headWidth);
        String keyHeads = architecture + ".attention.head_count_kv";
        // An array has one number for each layer.
        long allHeads = metadata.value(keyHeads).orElse(null) instanceof GgufValue.Array list
                ? list.sum()
                : layers * metadata.number(keyHeads).orElse(heads);
        return new GgufHeader(
                architecture,
                metadata.number(architecture + ".context_length").orElse(0),
                allHeads * (key + value) * NUMBER_BYTES,
                metadata.value("tokenizer.chat_template").isPresent(),
                metadata.number(architecture + ".expert_count").orElse(0));
    }
}
