package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.text.Sampling;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one generation's tokens: penalties for generated tokens, top-k, top-p, temperature, then a random draw. At
 * temperature 0 it chooses the likeliest token after the penalties. Engine thread only; must be closed.
 */
final class Sampler {

    /** The values that neither the request nor the model sets: llama.cpp's own defaults. */
    static final Sampling DEFAULTS = new Sampling(0.8, 0.95, 40, null, 0.0, 0.0, List.of());

    private final Llama llama;
    private final Pointer chain;
    private final @Nullable GrammarSampler grammar;

    /**
     * @param sampling complete except for the seed; without a seed it is random
     * @param window the number of last generated tokens that are penalized
     * @param grammar of the text, which is closed with this; {@code null} for any text
     */
    Sampler(Vocabulary vocabulary, Sampling sampling, int window, @Nullable GrammarSampler grammar) {
        this.llama = vocabulary.llama();
        this.grammar = grammar;
        float presence = floatOf(sampling.presencePenalty());
        float frequency = floatOf(sampling.frequencyPenalty());
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params());
        if (presence != 0 || frequency != 0) {
            add(vocabulary.penalties(window, frequency, presence));
        }
        if (isGreedy(sampling)) {
            add(llama.llama_sampler_init_greedy());
        } else {
            addDraw(sampling);
        }
    }

    private void addDraw(Sampling sampling) {
        int topK = Objects.requireNonNull(sampling.topK());
        if (topK > 0) {
            add(llama.llama_sampler_init_top_k(topK));
        }
        float topP = floatOf(sampling.topP());
        if (topP < 1) {
            add(llama.llama_sampler_init_top_p(topP, 1));
        }
        add(llama.llama_sampler_init_temp(floatOf(sampling.temperature())));
        Long seed = sampling.seed();
        add(llama.llama_sampler_init_dist(seed == null ? Llama.LLAMA_DEFAULT_SEED : seed.intValue()));
    }

    /** Whether the likeliest token is always chosen. */
    static boolean isGreedy(Sampling sampling) {
        return floatOf(sampling.temperature()) == 0;
    }

    private static float floatOf(@Nullable Double value) {
        return Objects.requireNonNull(value).floatValue();
    }

    private void add(Pointer sampler) {
        llama.llama_sampler_chain_add(chain, sampler);
    }

    /**
     * The next token, from the logits at {@code index} in the step's batch, or {@link Candidates#NONE} if no token
     * continues the format of the text.
     */
    int sample(LlamaContext context, int index) {
        return grammar == null
                ? llama.llama_sampler_sample(chain, context.pointer(), index)
                : grammar.sample(chain, context, index);
    }

    /** Counts a token that was chosen before the text went on here; returns whether the text's format admits it. */
    boolean accept(int token) {
        if (grammar == null) {
            llama.llama_sampler_accept(chain, token);
            return true;
        }
        return grammar.accept(chain, token);
    }

    /** Whether the text has a format, is whole and cannot go on. */
    boolean isEnded() {
        return grammar != null && grammar.isEnded();
    }

    /** Whether the text has a format and is whole. */
    boolean isComplete() {
        return grammar != null && grammar.isComplete();
    }

    void close() {
        if (grammar != null) {
            grammar.close();
        }
        llama.llama_sampler_free(chain);
    }
}
