package dev.runnel.engine.llama;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import org.jspecify.annotations.Nullable;

/** llama.cpp b4916 of March 2025. */
@SuppressWarnings("MemberName") // Names are those of llama.h, so that its documentation applies.
final class LlamaB4916 implements Llama {

    /** llama.cpp defragments by itself from this share of free cells among the used ones. */
    private static final float DEFRAGMENT_FROM = 0.3f;

    static final String VERSION = "b4916";

    /** {@code LLAMA_MAX_EXPERTS}. */
    static final int MAX_EXPERTS = 256;

    private LlamaB4916() {}

    /** Binds the functions of this class to those of a library, for the whole process. */
    static LlamaB4916 bind(NativeLibrary library) {
        Native.register(LlamaB4916.class, library);
        return new LlamaB4916();
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public int maxExperts() {
        return MAX_EXPERTS;
    }

    @Override
    public boolean isOfThisVersion() {
        ContextParams context = llama_context_default_params();
        ModelParams model = llama_model_default_params();
        return context.n_ctx == 512
                && context.n_batch == 2048
                && context.n_ubatch == 512
                && context.n_seq_max == 1
                && context.attention_type == -1
                && context.defrag_thold == -1f
                && context.type_k == 1
                && context.offload_kqv == 1
                && context.no_perf == 1
                && model.use_mmap == 1
                && model.use_mlock == 0
                && model.vocab_only == 0;
    }

    @Override
    public @Nullable Pointer loadModel(byte[] path) {
        return llama_model_load_from_file(path, llama_model_default_params());
    }

    @Override
    public @Nullable NativeContext createContext(Pointer model, LlamaSettings settings, int sequences, int stepTokens) {
        ContextParams params = llama_context_default_params();
        params.n_ctx = settings.contextCells();
        params.n_batch = stepTokens;
        params.n_ubatch = stepTokens;
        params.n_seq_max = sequences;
        params.n_threads = settings.threads();
        params.n_threads_batch = settings.batchThreads();
        params.defrag_thold = DEFRAGMENT_FROM;
        // Flash attention skips the cells of other sequences; the plain one computes and discards them. With 1,000
        // cells of other sequences in the context, a step of 8 sequences takes 80 ms instead of 108 (2 cores, default
        // model).
        params.flash_attn = 1;
        Pointer context = llama_init_from_model(model, params);
        return context == null ? null : new Context(this, context);
    }

    @Override
    public Pointer penalties(Pointer vocab, int lastN, float frequency, float presence) {
        return llama_sampler_init_penalties(lastN, 1f, frequency, presence);
    }

    private record Context(LlamaB4916 llama, Pointer pointer) implements NativeContext {

        private static final int ALL = -1;

        @Override
        public int decode(StepBatch batch) {
            return llama.llama_decode(pointer, batch.struct());
        }

        @Override
        public int longestInParts() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void share(int source, int target, int length) {
            llama.llama_kv_self_seq_cp(pointer, source, target, 0, length);
        }

        /** A side effect of a copy of 0 tokens. */
        @Override
        public void fillFromTheFront(int sequence) {
            llama.llama_kv_self_seq_cp(pointer, sequence == 0 ? 1 : 0, sequence, 0, 0);
        }

        @Override
        public void remove(int sequence) {
            llama.llama_kv_self_seq_rm(pointer, sequence, ALL, ALL);
        }

        @Override
        public int usedCells() {
            return llama.llama_kv_self_used_cells(pointer);
        }

        @Override
        public void defragment() {
            llama.llama_kv_self_defrag(pointer);
            llama.llama_kv_self_update(pointer);
        }

        @Override
        public void close() {
            llama.llama_free(pointer);
        }
    }

    private native ModelParams llama_model_default_params();

    private native ContextParams llama_context_default_params();

    private native @Nullable Pointer llama_model_load_from_file(byte[] path, ModelParams params);

    private native @Nullable Pointer llama_init_from_model(Pointer model, ContextParams params);

    private native byte llama_kv_self_seq_rm(Pointer context, int sequence, int from, int to);

    private native void llama_kv_self_seq_cp(Pointer context, int source, int target, int from, int to);

    private native int llama_kv_self_used_cells(Pointer context);

    private native void llama_kv_self_defrag(Pointer context);

    private native void llama_kv_self_update(Pointer context);

    private native Pointer llama_sampler_init_penalties(int lastN, float repeat, float frequency, float presence);

    @Override
    public native void llama_backend_init();

    @Override
    public native void llama_log_set(LogCallback callback, @Nullable Pointer userData);

    @Override
    public native void llama_model_free(Pointer model);

    @Override
    public native Pointer llama_model_get_vocab(Pointer model);

    @Override
    public native int llama_model_n_ctx_train(Pointer model);

    @Override
    public native int llama_model_n_embd(Pointer model);

    @Override
    public native byte llama_model_has_encoder(Pointer model);

    @Override
    public native byte llama_model_has_decoder(Pointer model);

    @Override
    public native byte llama_model_is_recurrent(Pointer model);

    @Override
    public native @Nullable Pointer llama_model_chat_template(Pointer model, @Nullable Pointer name);

    @Override
    public native void llama_free(Pointer context);

    @Override
    public native int llama_n_ctx(Pointer context);

    @Override
    public native Pointer llama_get_logits_ith(Pointer context, int index);

    @Override
    public native int llama_decode(Pointer context, CommonParams.Batch batch);

    @Override
    public native int llama_vocab_type(Pointer vocab);

    @Override
    public native int llama_vocab_n_tokens(Pointer vocab);

    @Override
    public native int llama_vocab_bos(Pointer vocab);

    @Override
    public native int llama_vocab_eos(Pointer vocab);

    @Override
    public native byte llama_vocab_get_add_bos(Pointer vocab);

    @Override
    public native byte llama_vocab_is_eog(Pointer vocab, int token);

    @Override
    public native int llama_tokenize(
            Pointer vocab, byte[] text, int length, int[] tokens, int maxTokens, byte addSpecial, byte parseSpecial);

    @Override
    public native int llama_token_to_piece(
            Pointer vocab, int token, byte[] buffer, int length, int lstrip, byte special);

    @Override
    public native CommonParams.SamplerChain llama_sampler_chain_default_params();

    @Override
    public native Pointer llama_sampler_chain_init(CommonParams.SamplerChain params);

    @Override
    public native void llama_sampler_chain_add(Pointer chain, Pointer sampler);

    @Override
    public native Pointer llama_sampler_init_greedy();

    @Override
    public native Pointer llama_sampler_init_dist(int seed);

    @Override
    public native Pointer llama_sampler_init_top_k(int k);

    @Override
    public native Pointer llama_sampler_init_top_p(float p, long minKeep);

    @Override
    public native Pointer llama_sampler_init_temp(float temperature);

    @Override
    public native @Nullable Pointer llama_sampler_init_grammar(Pointer vocab, byte[] grammar, byte[] root);

    @Override
    public native void llama_sampler_apply(@Nullable Pointer sampler, Pointer candidates);

    @Override
    public native void llama_sampler_accept(@Nullable Pointer sampler, int token);

    @Override
    public native int llama_sampler_sample(Pointer sampler, Pointer context, int index);

    @Override
    public native void llama_sampler_free(@Nullable Pointer sampler);

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
    public static final class ModelParams extends Structure implements Structure.ByValue {
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
    public static final class ContextParams extends Structure implements Structure.ByValue {
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
}
