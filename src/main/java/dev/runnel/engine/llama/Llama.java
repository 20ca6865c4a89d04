package dev.runnel.engine.llama;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp, as this engine uses it. The methods with the names of {@code llama.h} are its functions that have the same
 * parameters in every version here. The other methods do what differs between versions. A C {@code bool} is a
 * {@code byte}: only the low byte of a returned one is defined.
 */
@SuppressWarnings("MemberName") // Names are those of llama.h, so that its documentation applies.
interface Llama {

    int LLAMA_VOCAB_TYPE_NONE = 0;
    int LLAMA_VOCAB_TYPE_SPM = 1;
    int LLAMA_VOCAB_TYPE_BPE = 2;

    /** The {@code seed} that means a random seed. */
    int LLAMA_DEFAULT_SEED = 0xFFFFFFFF;

    /** The version for messages, such as {@code b4916}. */
    String version();

    /** So many experts of a layer the library has room for. It ends the process if a file names more. */
    int maxExperts();

    /**
     * Whether the library has the structures that this version describes: their default values are as expected. Called
     * before any other function that has a structure.
     */
    boolean isOfThisVersion();

    /**
     * Loads a model from a GGUF file; {@code null} if it cannot be loaded.
     *
     * @param path in the encoding of the system, terminated by NUL
     */
    @Nullable
    Pointer loadModel(byte[] path);

    /**
     * Creates a model's context; {@code null} if there is not enough memory.
     *
     * @param sequences the number of sequence ids; they start from 0
     * @param stepTokens the most tokens of one step
     */
    @Nullable
    NativeContext createContext(Pointer model, LlamaSettings settings, int sequences, int stepTokens);

    /**
     * A sampler that penalizes tokens that were accepted before.
     *
     * @param lastN how many of the last tokens count
     */
    Pointer penalties(Pointer vocab, int lastN, float frequency, float presence);

    void llama_backend_init();

    void llama_log_set(LogCallback callback, @Nullable Pointer userData);

    void llama_model_free(Pointer model);

    Pointer llama_model_get_vocab(Pointer model);

    int llama_model_n_ctx_train(Pointer model);

    int llama_model_n_embd(Pointer model);

    byte llama_model_has_encoder(Pointer model);

    byte llama_model_has_decoder(Pointer model);

    byte llama_model_is_recurrent(Pointer model);

    @Nullable
    Pointer llama_model_chat_template(Pointer model, @Nullable Pointer name);

    void llama_free(Pointer context);

    int llama_n_ctx(Pointer context);

    Pointer llama_get_logits_ith(Pointer context, int index);

    int llama_decode(Pointer context, CommonParams.Batch batch);

    int llama_vocab_type(Pointer vocab);

    int llama_vocab_n_tokens(Pointer vocab);

    int llama_vocab_bos(Pointer vocab);

    int llama_vocab_eos(Pointer vocab);

    byte llama_vocab_get_add_bos(Pointer vocab);

    byte llama_vocab_is_eog(Pointer vocab, int token);

    int llama_tokenize(
            Pointer vocab, byte[] text, int length, int[] tokens, int maxTokens, byte addSpecial, byte parseSpecial);

    int llama_token_to_piece(Pointer vocab, int token, byte[] buffer, int length, int lstrip, byte special);

    CommonParams.SamplerChain llama_sampler_chain_default_params();

    Pointer llama_sampler_chain_init(CommonParams.SamplerChain params);

    void llama_sampler_chain_add(Pointer chain, Pointer sampler);

    Pointer llama_sampler_init_greedy();

    Pointer llama_sampler_init_dist(int seed);

    Pointer llama_sampler_init_top_k(int k);

    Pointer llama_sampler_init_top_p(float p, long minKeep);

    Pointer llama_sampler_init_temp(float temperature);

    /** May be {@code null} if the grammar cannot be read. The functions below then do nothing. */
    @Nullable
    Pointer llama_sampler_init_grammar(Pointer vocab, byte[] grammar, byte[] root);

    void llama_sampler_apply(@Nullable Pointer sampler, Pointer candidates);

    void llama_sampler_accept(@Nullable Pointer sampler, int token);

    int llama_sampler_sample(Pointer sampler, Pointer context, int index);

    void llama_sampler_free(@Nullable Pointer sampler);

    /** {@code ggml_log_callback}. */
    interface LogCallback extends Callback {
        void invoke(int level, Pointer text, @Nullable Pointer userData);
    }
}
