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
    LFM2;

    /** The tokens of the window of {@link #GEMMA3}. */
    static final int WINDOW = 32;

    /** The name in a file. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean normalizesHeads() {
        return this == QWEN3 || this == GEMMA3 || this == LFM2;
    }

    /** Whether the start of a long text can be shared without its end. */
    boolean sharesParts() {
        return this != GEMMA3 && this != LFM2;
    }
}
