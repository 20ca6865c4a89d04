package dev.runnel.engine.llama;

import java.util.Locale;

/** The architectures of {@link TinyModel}. */
enum TinyArchitecture {
    LLAMA,
    QWEN3,
    SMOLLM3,
    GRANITE,
    /** With a window in the first layer. */
    GEMMA3,
    /** With a short convolution, which is recurrent, in the first layer. */
    LFM2,
    ERNIE4_5,
    HUNYUAN_DENSE,
    /** With experts, biases, sinks, and a window in the first layer. */
    GPT_OSS;

    /** The tokens of the window of {@link #GEMMA3} and of {@link #GPT_OSS}. */
    static final int WINDOW = 32;

    /** The name in a file. */
    String key() {
        String name = name().toLowerCase(Locale.ROOT);
        return this == ERNIE4_5 ? name : name.replace('_', '-');
    }

    boolean normalizesHeads() {
        return this == QWEN3 || this == GEMMA3 || this == LFM2 || this == HUNYUAN_DENSE;
    }

    /** Whether the start of a long text can be shared without its end. */
    boolean sharesParts() {
        return this != GEMMA3 && this != LFM2 && this != GPT_OSS;
    }
}
