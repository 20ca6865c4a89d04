package dev.runnel.model;

import java.util.OptionalLong;
import java.util.Set;

/**
 * The rules of the sizes of attention heads. Where one is broken, a loader of llama.cpp accepts the file, and the first
 * step ends the process or never ends.
 */
final class GgufHeads {

    /** Architectures that rotate the whole head, and whose heads have one length. Source: llama.cpp v0.4.0. */
    private static final Set<String> WHOLE = Set.of(
            "apertus",
            "arcee",
            "arctic",
            "baichuan",
            "chameleon",
            "codeshell",
            "dbrx",
            "deepseek",
            "dots1",
            "dream",
            "ernie4_5",
            "ernie4_5-moe",
            "exaone",
            "exaone4",
            "exaone-moe",
            "falcon",
            "granite",
            "granitemoe",
            "grok",
            "grovemoe",
            "hunyuan-dense",
            "hunyuan-moe",
            "internlm2",
            "llada",
            "llada-moe",
            "llama",
            "llama4",
            "maincoder",
            "mistral3",
            "olmo",
            "olmo2",
            "olmoe",
            "orion",
            "pangu-embedded",
            "plamo",
            "qwen2",
            "qwen2moe",
            "qwen2vl",
            "qwen3",
            "qwen3moe",
            "qwen3vl",
            "qwen3vlmoe",
            "rnd1",
            "seed_oss",
            "smallthinker",
            "smollm3",
            "starcoder2",
            "xverse");

    private static final String HEADS = "attention.head_count";
    private static final String KEY = "attention.key_length";
    private static final String VALUE = "attention.value_length";
    private static final String ROTATED = "rope.dimension_count";
    private static final String ROTATED_IN_WINDOW = "rope.dimension_count_swa";
    private static final String WINDOW = "attention.sliding_window";
    private static final String PATTERN = "attention.sliding_window_pattern";

    private final GgufMetadata metadata;
    private final String architecture;

    private GgufHeads(GgufMetadata metadata, String architecture) {
        this.metadata = metadata;
        this.architecture = architecture;
    }

    static void check(GgufMetadata metadata, String architecture) throws GgufException {
        GgufHeads heads = new GgufHeads(metadata, architecture);
        heads.checkPattern();
        // Without heads, none is rotated.
        if (heads.number(HEADS).orElse(1) > 0) {
            heads.checkEven(ROTATED);
            heads.checkEven(ROTATED_IN_WINDOW);
            heads.checkLengths();
        }
    }

    /** A pattern of 1 says that no layer has the window that the file names. */
    private void checkPattern() throws GgufException {
        if (number(WINDOW).orElse(0) > 0 && number(PATTERN).orElse(0) == 1) {
            throw new GgufException(key(PATTERN), 1, "0, or >= 2");
        }
    }

    private void checkEven(String name) throws GgufException {
        OptionalLong rotated = number(name);
        if (rotated.isPresent() && (rotated.getAsLong() < 2 || rotated.getAsLong() % 2 != 0)) {
            throw new GgufException(key(name), rotated.getAsLong(), "an even number, >= 2");
        }
    }

    /** Not checked if the number of heads differs between layers. */
    private void checkLengths() throws GgufException {
        OptionalLong heads = number(HEADS);
        OptionalLong width = number("embedding_length");
        if (heads.isEmpty() || width.isEmpty()) {
            return;
        }
        long usual = width.getAsLong() / heads.getAsLong();
        long length = number(KEY).orElse(usual);
        long value = number(VALUE).orElse(usual);
        long rotated = number(ROTATED).orElse(length);
        boolean isWhole = WHOLE.contains(architecture);
        if (isWhole && value != length) {
            throw new GgufException(key(VALUE), value, length + ", the length of a key");
        }
        if (rotated > length || (isWhole && rotated != length)) {
            throw new GgufException(
                    key(ROTATED), rotated, (isWhole ? "" : "at most ") + length + ", the length of a key");
        }
    }

    private OptionalLong number(String name) {
        return metadata.number(key(name));
    }

    private String key(String name) {
        return architecture + "." + name;
    }
}
