package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.EngineRig;
import dev.runnel.text.Sampling;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * A model of half a megabyte with random weights: llama architecture, a token for each byte and some words, ChatML. The
 * same file each time. Its text is random, and half of it is not UTF-8, as the tests need. At temperature 0 it never
 * ends by itself unless {@link #writeEnding} wrote it.
 */
public final class TinyModel {

    /** The default system line of its chat template. */
    static final String OWN_SYSTEM = "You are small";

    static final int CONTEXT_TOKENS = 2048;

    static final String CHAT_ML = "{% for message in messages %}"
            + "{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n" + OWN_SYSTEM
            + "<|im_end|>\n' }}{% endif %}"
            + "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static final List<String> CONTROL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|note|>");
    private static final int END_OF_TEXT = 0;
    private static final int IM_END = 2;

    private static final List<String> WORDS =
            List.of("the", "Ġa", "Ġand", "Ġfox", "Ġsaid", "once", "upon", "Ġtime", "ing", "ed", "er", ".", ",Ġ", "Ċ");

    private static final int WIDTH = 64;
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int KEY_WIDTH = 32;
    private static final int KEY_HEADS = HEADS * KEY_WIDTH / WIDTH;
    private static final int FEED_FORWARD = 128;
    /** The tokens of a short convolution. */
    private static final int CONVOLVED = 3;

    private static final int EXPERTS = 4;

    /** The room of a tensor of {@link #HEADS} or {@link #EXPERTS} numbers. */
    private static final int ALIGNED_FLOATS = 8;

    private final Random random = new Random(20261123);
    private final TinyArchitecture architecture;
    private final float endRow;

    private TinyModel(TinyArchitecture architecture, float endRow) {
        this.architecture = architecture;
        this.endRow = endRow;
    }

    /** Writes one that never ends by itself. */
    public static Path write(Path file) throws IOException {
        return write(file, "smollm", CHAT_ML, 0);
    }

    /** Writes one that ends after a while. */
    public static Path writeEnding(Path file) throws IOException {
        return write(file, "smollm", CHAT_ML, 1.6f);
    }

    /** Writes one of an architecture, that never ends by itself. */
    static Path write(Path file, TinyArchitecture architecture) throws IOException {
        return write(file, new TinyModel(architecture, 0), "smollm", CHAT_ML);
    }

    /**
     * Writes one.
     *
     * @param pre how its vocabulary splits words
     * @param template its chat template; empty for none
     * @param endRow the weight of the end tokens, 0 for no end at temperature 0
     */
    static Path write(Path file, String pre, String template, float endRow) throws IOException {
        return write(file, new TinyModel(TinyArchitecture.LLAMA, endRow), pre, template);
    }

    private static Path write(Path file, TinyModel model, String pre, String template) throws IOException {
        GgufWriter gguf = new GgufWriter();
        List<String> tokens = tokens();
        model.describe(gguf, tokens.size());
        vocabulary(gguf, tokens, CONTROL.size(), pre);
        if (!template.isEmpty()) {
            gguf.text("tokenizer.chat_template", template);
        }
        model.weights(gguf, tokens.size());
        gguf.write(file);
        return file;
    }

    /** The bytes before the numbers of its first tensor, which are the last bytes of the file. */
    public static int headBytes(byte[] file) {
        return headBytes(file, TinyArchitecture.LLAMA);
    }

    /** As above, at least so many for another architecture. */
    static int headBytes(byte[] file, TinyArchitecture architecture) {
        int attention = 2 * WIDTH * WIDTH + 2 * WIDTH * KEY_WIDTH;
        int experts = architecture == TinyArchitecture.GPT_OSS ? EXPERTS : 1;
        int layer = 2 * WIDTH + attention + experts * 3 * WIDTH * FEED_FORWARD;
        if (architecture == TinyArchitecture.GPT_OSS) {
            int biases = 2 * WIDTH + 2 * KEY_WIDTH + EXPERTS * (2 * FEED_FORWARD + WIDTH);
            layer += biases + WIDTH * EXPERTS + 2 * ALIGNED_FLOATS;
        }
        int numbers = 2 * WIDTH * tokens().size() + WIDTH + LAYERS * layer;
        return file.length - numbers * Float.BYTES;
    }

    /** A model entry that runs the file, with one thread: two wait for each other on a busy machine. */
    public static ModelConfig config(Path file) {
        return config(file, Map.of());
    }

    static ModelConfig config(Path file, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(
                Map.of("sources", List.of(Map.of("file", file.toString())), "contextCells", 4096, "threads", 1));
        settings.putAll(more);
        return new ModelConfig("tiny", "llama", ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
    }

    /** Opens an engine of this one model on the library in the jar. */
    static EngineRig open(Vertx vertx, ModelConfig config, Path directory) throws TimeoutException {
        return open(vertx, config, directory, TestedLibrary.BUNDLED);
    }

    /** Opens an engine of this one model. */
    static EngineRig open(Vertx vertx, ModelConfig config, Path directory, TestedLibrary library)
            throws TimeoutException {
        return new EngineRig(vertx, environment -> library.engine(config, environment), directory);
    }

    private void describe(GgufWriter gguf, int tokens) {
        String prefix = architecture.key() + ".";
        gguf.text("general.architecture", architecture.key())
                .text("general.name", "tiny")
                .number(prefix + "block_count", LAYERS)
                .number(prefix + "context_length", CONTEXT_TOKENS)
                .number(prefix + "embedding_length", WIDTH)
                .number(prefix + "feed_forward_length", FEED_FORWARD)
                .number(prefix + "attention.head_count", HEADS);
        if (architecture != TinyArchitecture.LFM2) {
            gguf.number(prefix + "attention.head_count_kv", KEY_HEADS);
        }
        gguf.number(prefix + "attention.layer_norm_rms_epsilon", 1e-5f)
                .number(prefix + "rope.dimension_count", WIDTH / HEADS)
                .number(prefix + "vocab_size", tokens);
        describeArchitecture(gguf);
    }

    private void describeArchitecture(GgufWriter gguf) {
        switch (architecture) {
            case GRANITE ->
                gguf.number("granite.logit_scale", 2f)
                        .number("granite.residual_scale", 1f)
                        .number("granite.embedding_scale", 1f)
                        .number("granite.attention.scale", 0.25f);
            case GEMMA3 ->
                gguf.number("gemma3.attention.sliding_window", TinyArchitecture.WINDOW)
                        .number("gemma3.attention.sliding_window_pattern", LAYERS);
            case LFM2 ->
                gguf.numbers("lfm2.attention.head_count_kv", List.of(0, KEY_HEADS))
                        .number("lfm2.shortconv.l_cache", CONVOLVED);
            case GPT_OSS ->
                gguf.number("gpt-oss.attention.sliding_window", TinyArchitecture.WINDOW)
                        .number("gpt-oss.expert_count", EXPERTS)
                        .number("gpt-oss.expert_used_count", EXPERTS / 2)
                        .number("gpt-oss.expert_feed_forward_length", FEED_FORWARD);
            default -> {}
        }
    }

    /** @param control how many of the first tokens are control tokens */
    static void vocabulary(GgufWriter gguf, List<String> tokens, int control, String pre) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            types.add(i < control ? 3 : 1);
        }
        gguf.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", tokens)
                .numbers("tokenizer.ggml.token_type", types)
                .texts("tokenizer.ggml.merges", List.of("i n", "in g", "e r", "e d"))
                .flag("tokenizer.ggml.add_bos_token", false)
                .number("tokenizer.ggml.bos_token_id", 1)
                .number("tokenizer.ggml.eos_token_id", IM_END);
    }

    private static List<String> tokens() {
        return tokens(CONTROL);
    }

    /** Control tokens, and then a token for each byte and some words. */
    static List<String> tokens(List<String> control) {
        List<String> tokens = new ArrayList<>(control);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean shown = (b > ' ' && b < 0x7f) || (b > 0xa0 && b != 0xad);
            tokens.add(Character.toString(shown ? b : next++));
        }
        WORDS.stream().filter(word -> !tokens.contains(word)).forEach(tokens::add);
        tokens.add("in");
        return tokens;
    }

    private void weights(GgufWriter gguf, int tokens) {
        gguf.tensor("token_embd.weight", values(WIDTH * tokens, 1), WIDTH, tokens);
        boolean hasConvolution = architecture == TinyArchitecture.LFM2;
        gguf.tensor(hasConvolution ? "token_embd_norm.weight" : "output_norm.weight", ones(WIDTH), WIDTH);
        gguf.tensor("output.weight", output(tokens), WIDTH, tokens);
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "blk." + layer + ".";
            gguf.tensor(block + "attn_norm.weight", ones(WIDTH), WIDTH);
            if (hasConvolution && layer == 0) {
                matrix(gguf, block + "shortconv.in_proj.weight", WIDTH, 3 * WIDTH);
                matrix(gguf, block + "shortconv.conv.weight", CONVOLVED, WIDTH);
                matrix(gguf, block + "shortconv.out_proj.weight", WIDTH, WIDTH);
            } else {
                attention(gguf, block);
            }
            if (architecture == TinyArchitecture.GPT_OSS) {
                experts(gguf, block);
            } else {
                gguf.tensor(block + "ffn_norm.weight", ones(WIDTH), WIDTH);
                matrix(gguf, block + "ffn_gate.weight", WIDTH, FEED_FORWARD);
                matrix(gguf, block + "ffn_up.weight", WIDTH, FEED_FORWARD);
                matrix(gguf, block + "ffn_down.weight", FEED_FORWARD, WIDTH);
            }
        }
    }

    private void experts(GgufWriter gguf, String block) {
        for (String name : new String[] {"attn_q", "attn_k", "attn_v", "attn_output"}) {
            int width = name.equals("attn_k") || name.equals("attn_v") ? KEY_WIDTH : WIDTH;
            gguf.tensor(block + name + ".bias", values(width, 0.1f), width);
        }
        gguf.tensor(block + "attn_sinks.weight", values(HEADS, 1), HEADS);
        gguf.tensor(block + "post_attention_norm.weight", ones(WIDTH), WIDTH);
        matrix(gguf, block + "ffn_gate_inp.weight", WIDTH, EXPERTS);
        gguf.tensor(block + "ffn_gate_inp.bias", values(EXPERTS, 0.1f), EXPERTS);
        experts(gguf, block + "ffn_gate_exps", WIDTH, FEED_FORWARD);
        experts(gguf, block + "ffn_up_exps", WIDTH, FEED_FORWARD);
        experts(gguf, block + "ffn_down_exps", FEED_FORWARD, WIDTH);
    }

    private void experts(GgufWriter gguf, String name, int in, int out) {
        float[] weights = values(in * out * EXPERTS, (float) (2 / Math.sqrt(in)));
        gguf.tensor(name + ".weight", weights, in, out, EXPERTS);
        gguf.tensor(name + ".bias", values(out * EXPERTS, 0.1f), out, EXPERTS);
    }

    private void attention(GgufWriter gguf, String block) {
        matrix(gguf, block + "attn_q.weight", WIDTH, WIDTH);
        matrix(gguf, block + "attn_k.weight", WIDTH, KEY_WIDTH);
        matrix(gguf, block + "attn_v.weight", WIDTH, KEY_WIDTH);
        matrix(gguf, block + "attn_output.weight", WIDTH, WIDTH);
        if (architecture.normalizesHeads()) {
            int head = WIDTH / HEADS;
            gguf.tensor(block + "attn_q_norm.weight", ones(head), head);
            gguf.tensor(block + "attn_k_norm.weight", ones(head), head);
        }
        if (architecture == TinyArchitecture.GEMMA3) {
            gguf.tensor(block + "post_attention_norm.weight", ones(WIDTH), WIDTH);
            gguf.tensor(block + "post_ffw_norm.weight", ones(WIDTH), WIDTH);
        }
    }

    private float[] output(int tokens) {
        float[] rows = values(WIDTH * tokens, 0.5f);
        for (int token : new int[] {END_OF_TEXT, IM_END}) {
            for (int i = token * WIDTH; i < (token + 1) * WIDTH; i++) {
                rows[i] *= endRow;
            }
        }
        return rows;
    }

    private void matrix(GgufWriter gguf, String name, int in, int out) {
        gguf.tensor(name, values(in * out, (float) (2 / Math.sqrt(in))), in, out);
    }

    private float[] values(int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return values;
    }

    private static float[] ones(int width) {
        float[] ones = new float[width];
        Arrays.fill(ones, 1f);
        return ones;
    }
}
