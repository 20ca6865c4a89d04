package dev.runnel.engine.llama;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model that follows a script at temperature 0: its next token depends on the last one alone. A token that the script
 * does not have ends the text. Llama architecture, one layer that adds nothing.
 */
final class ScriptedModel {

    /** A token for each number of the width: at most so many. */
    private static final int WIDTH = 320;

    private static final int HEADS = 5;
    private static final int KEY_WIDTH = WIDTH / HEADS;
    private static final int FEED_FORWARD = 32;
    private static final float CERTAIN = 10f;

    /** The first one ends a text. */
    private static final List<String> CONTROL = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|start|>",
            "<|channel|>",
            "<|message|>",
            "<|end|>",
            "<|return|>",
            "<|call|>");

    private ScriptedModel() {}

    /**
     * Writes one.
     *
     * @param template its chat template
     * @param words tokens that it has besides control tokens, those of single bytes and some words
     * @param script tokens, each of them once; the model writes the next one after each
     */
    static Path write(Path file, String template, List<String> words, List<String> script) throws IOException {
        List<String> tokens = TinyModel.tokens(CONTROL);
        tokens.addAll(words);
        GgufWriter gguf = new GgufWriter();
        gguf.text("general.architecture", "llama")
                .text("general.name", "scripted")
                .number("llama.block_count", 1)
                .number("llama.context_length", TinyModel.CONTEXT_TOKENS)
                .number("llama.embedding_length", WIDTH)
                .number("llama.feed_forward_length", FEED_FORWARD)
                .number("llama.attention.head_count", HEADS)
                .number("llama.attention.head_count_kv", 1)
                .number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .number("llama.rope.dimension_count", KEY_WIDTH)
                .number("llama.vocab_size", tokens.size());
        TinyModel.vocabulary(gguf, tokens, CONTROL.size(), "smollm");
        gguf.text("tokenizer.chat_template", template);
        weights(gguf, tokens, script);
        gguf.write(file);
        return file;
    }

    /** Whether a token adds nothing to a text. */
    static boolean isControl(int token) {
        return token < CONTROL.size();
    }

    private static void weights(GgufWriter gguf, List<String> tokens, List<String> script) {
        float[] embedding = new float[WIDTH * tokens.size()];
        for (int token = 0; token < tokens.size(); token++) {
            embedding[token * WIDTH + token] = 1;
        }
        float[] output = new float[WIDTH * tokens.size()];
        for (int i = 1; i < script.size(); i++) {
            output[tokens.indexOf(script.get(i)) * WIDTH + tokens.indexOf(script.get(i - 1))] = CERTAIN;
        }
        gguf.tensor("token_embd.weight", embedding, WIDTH, tokens.size());
        gguf.tensor("output_norm.weight", ones(), WIDTH);
        gguf.tensor("output.weight", output, WIDTH, tokens.size());
        gguf.tensor("blk.0.attn_norm.weight", ones(), WIDTH);
        zeros(gguf, "attn_q", WIDTH, WIDTH);
        zeros(gguf, "attn_k", WIDTH, KEY_WIDTH);
        zeros(gguf, "attn_v", WIDTH, KEY_WIDTH);
        zeros(gguf, "attn_output", WIDTH, WIDTH);
        gguf.tensor("blk.0.ffn_norm.weight", ones(), WIDTH);
        zeros(gguf, "ffn_gate", WIDTH, FEED_FORWARD);
        zeros(gguf, "ffn_up", WIDTH, FEED_FORWARD);
        zeros(gguf, "ffn_down", FEED_FORWARD, WIDTH);
    }

    private static void zeros(GgufWriter gguf, String name, int in, int out) {
        gguf.tensor("blk.0." + name + ".weight", new float[in * out], in, out);
    }

    private static float[] ones() {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1f);
        return ones;
    }
}
