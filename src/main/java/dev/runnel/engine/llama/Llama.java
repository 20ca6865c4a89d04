package dev.runnel.engine.llama;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code llama.h} of llama.cpp b4916 that this engine uses, with the same names and parameters.
 * {@link NativeLlama} binds them. A C {@code bool} is a {@code byte}: only the low byte of a returned one is defined.
 */
@SuppressWarnings("MemberName") // Names are those of llama.h, so that its documentation applies.
final class Llama {

    static final int LLAMA_VOCAB_TYPE_NONE = 0;
    static final int LLAMA_VOCAB_TYPE_SPM = 1;
    static final int LLAMA_VOCAB_TYPE_BPE = 2;

    /** The {@code seed} that means a random seed. */
    static final int LLAMA_DEFAULT_SEED = 0xFFFFFFFF;

    private Llama() {}

    static native LlamaModelParams llama_model_default_params();

    static native LlamaContextParams llama_context_default_params();

    static native void llama_backend_init();

    static native void llama_log_set(LogCallback callback, @Nullable Pointer userData);

    static native @Nullable Pointer llama_model_load_from_file(byte[] path, LlamaModelParams params);

    static native void llama_model_free(Pointer model);

    static native Pointer llama_model_get_vocab(Pointer model);

    static native int llama_model_n_ctx_train(Pointer model);

    static native int llama_model_n_embd(Pointer model);

    static native byte llama_model_has_encoder(Pointer model);

    static native byte llama_model_has_decoder(Pointer model);

    static native byte llama_model_is_recurrent(Pointer model);

    static native @Nullable Pointer llama_model_chat_template(Pointer model, @Nullable Pointer name);

    static native @Nullable Pointer llama_init_from_model(Pointer model, LlamaContextParams params);

    static native void llama_free(Pointer context);

    static native int llama_n_ctx(Pointer context);

    static native Pointer llama_get_logits_ith(Pointer context, int index);

    static native int llama_decode(Pointer context, LlamaBatch batch);

    static native byte llama_kv_self_seq_rm(Pointer context, int sequence, int from, int to);

    static native void llama_kv_self_seq_cp(Pointer context, int source, int target, int from, int to);

    static native int llama_kv_self_used_cells(Pointer context);

    static native void llama_kv_self_defrag(Pointer context);

    static native void llama_kv_self_update(Pointer context);

    static native int llama_vocab_type(Pointer vocab);

    static native int llama_vocab_n_tokens(Pointer vocab);

    static native int llama_vocab_bos(Pointer vocab);

    static native int llama_vocab_eos(Pointer vocab);

    static native byte llama_vocab_get_add_bos(Pointer vocab);

    static native byte llama_vocab_is_eog(Pointer vocab, int token);

    static native int llama_tokenize(
            Pointer vocab, byte[] text, int length, int[] tokens, int maxTokens, byte addSpecial, byte parseSpecial);

    static native int llama_token_to_piece(
            Pointer vocab, int token, byte[] buffer, int length, int lstrip, byte special);

    static native LlamaSamplerChainParams llama_sampler_chain_default_params();

    static native Pointer llama_sampler_chain_init(LlamaSamplerChainParams params);

    static native void llama_sampler_chain_add(Pointer chain, Pointer sampler);

    static native Pointer llama_sampler_init_greedy();

    static native Pointer llama_sampler_init_dist(int seed);

    static native Pointer llama_sampler_init_top_k(int k);

    static native Pointer llama_sampler_init_top_p(float p, long minKeep);

    static native Pointer llama_sampler_init_temp(float temperature);

    static native Pointer llama_sampler_init_penalties(int lastN, float repeat, float frequency, float presence);

    static native Pointer llama_sampler_init_grammar(Pointer vocab, byte[] grammar, byte[] root);

    static native void llama_sampler_apply(Pointer sampler, Pointer candidates);

    static native void llama_sampler_accept(Pointer sampler, int token);

    static native int llama_sampler_sample(Pointer sampler, Pointer context, int index);

    static native void llama_sampler_free(Pointer sampler);

    /** {@code ggml_log_callback}. */
    interface LogCallback extends Callback {
        void invoke(int level, Pointer text, @Nullable Pointer userData);
    }

    /** {@code struct llama_model_params}. */
    @Structure.FieldOrder({
        "devices",
        "n_gpu_layers",
        "split_mode",
        "main_gpu",
        "tensor_split",
        "progress_callback",
        "progress_callback_user_data",
        "kv_overrides",
        "vocab_only",
        "use_mmap",
        "use_mlock",
        "check_tensors"
    })
    public static final class LlamaModelParams extends Structure implements Structure.ByValue {
        public @Nullable Pointer devices;
        public int n_gpu_layers;
        public int split_mode;
        public int main_gpu;
        public @Nullable Pointer tensor_split;
        public @Nullable Pointer progress_callback;
        public @Nullable Pointer progress_callback_user_data;
        public @Nullable Pointer kv_overrides;
        public byte vocab_only;
        public byte use_mmap;
        public byte use_mlock;
        public byte check_tensors;
    }

    /** {@code struct llama_context_params}. */
    @Structure.FieldOrder({
        "n_ctx",
        "n_batch",
        "n_ubatch",
        "n_seq_max",
        "n_threads",
        "n_threads_batch",
        "rope_scaling_type",
        "pooling_type",
        "attention_type",
        "rope_freq_base",
        "rope_freq_scale",
        "yarn_ext_factor",
        "yarn_attn_factor",
        "yarn_beta_fast",
        "yarn_beta_slow",
        "yarn_orig_ctx",
        "defrag_thold",
        "cb_eval",
        "cb_eval_user_data",
        "type_k",
        "type_v",
        "logits_all",
        "embeddings",
        "offload_kqv",
        "flash_attn",
        "no_perf",
        "abort_callback",
        "abort_callback_data"
    })
    public static final class LlamaContextParams extends Structure implements Structure.ByValue {
        public int n_ctx;
        public int n_batch;
        public int n_ubatch;
        public int n_seq_max;
        public int n_threads;
        public int n_threads_batch;
        public int rope_scaling_type;
        public int pooling_type;
        public int attention_type;
        public float rope_freq_base;
        public float rope_freq_scale;
        public float yarn_ext_factor;
        public float yarn_attn_factor;
        public float yarn_beta_fast;
        public float yarn_beta_slow;
        public int yarn_orig_ctx;
        public float defrag_thold;
        public @Nullable Pointer cb_eval;
        public @Nullable Pointer cb_eval_user_data;
        public int type_k;
        public int type_v;
        public byte logits_all;
        public byte embeddings;
        public byte offload_kqv;
        public byte flash_attn;
        public byte no_perf;
        public @Nullable Pointer abort_callback;
        public @Nullable Pointer abort_callback_data;
    }

    /** {@code struct llama_batch}. */
    @Structure.FieldOrder({"n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits"})
    public static final class LlamaBatch extends Structure implements Structure.ByValue {
        public int n_tokens;
        public @Nullable Pointer token;
        public @Nullable Pointer embd;
        public @Nullable Pointer pos;
        public @Nullable Pointer n_seq_id;
        public @Nullable Pointer seq_id;
        public @Nullable Pointer logits;
    }

    /** {@code struct llama_sampler_chain_params}. */
    @Structure.FieldOrder("no_perf")
    public static final class LlamaSamplerChainParams extends Structure implements Structure.ByValue {
        public byte no_perf;
    }

    /** Binds the functions above to those of the library, for the whole process. */
    static void bindTo(NativeLibrary library) {
        Native.register(Llama.class, library);
    }
}
