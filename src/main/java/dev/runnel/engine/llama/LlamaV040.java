package dev.runnel.engine.llama;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** llama.cpp v0.4.0 of September 2026. Its library consists of several files of one folder. */
@SuppressWarnings("MemberName") // Names are those of llama.h, so that its documentation applies.
final class LlamaV040 implements Llama {

    static final String VERSION = "v0.4.0";

    /** {@code LLAMA_MAX_EXPERTS}. */
    private static final int MAX_EXPERTS = 1024;

    private static final int ALL_LAYERS = -1;

    private final Ggml ggml;
    private final List<Device> gpus;

    private LlamaV040(Ggml ggml, List<Device> gpus) {
        this.ggml = ggml;
        this.gpus = gpus;
    }

    /** Binds the functions of this class to those of a library, for the whole process. */
    static LlamaV040 bind(NativeLibrary library, Ggml ggml) {
        Native.register(LlamaV040.class, library);
        return new LlamaV040(ggml, List.of());
    }

    /** The same library, with the GPUs on which its models run; none for the processor alone. */
    LlamaV040 on(List<Device> chosen) {
        return new LlamaV040(ggml, chosen);
    }

    /** What {@link #loadBackends} has found. */
    List<Device> devices() {
        return Device.list(ggml);
    }

    /** Loads the part of ggml for this processor, and those for devices. Called before any model is loaded. */
    void loadBackends(Path folder) throws LlamaUnavailableException {
        ggml.load(folder.toString());
        if (ThreadPool.processor(ggml) == null) {
            throw new LlamaUnavailableException(
                    folder + " has no library of ggml for this processor (expected: files libggml-cpu-*)");
        }
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
        if (!llama_version().getString(0).startsWith("0.4.0")) {
            return false;
        }
        ParamsV040.Context context = llama_context_default_params();
        ParamsV040.Model model = llama_model_default_params();
        return context.n_ctx == 512
                && context.n_batch == 2048
                && context.n_ubatch == 512
                && context.n_seq_max == 1
                && context.flash_attn_type == -1
                && context.defrag_thold == -1f
                && context.type_k == 1
                && context.type_v == 1
                && context.offload_kqv == 1
                && context.swa_full == 1
                && context.kv_unified == 0
                && context.n_samplers == 0
                && context.ctx_other == null
                && model.n_gpu_layers == -1
                && model.load_mode == -1
                && model.lazy_mode == 1
                && model.vocab_only == 0
                && model.use_extra_bufts == 1;
    }

    @Override
    public @Nullable Pointer loadModel(byte[] path) {
        ParamsV040.Model params = llama_model_default_params();
        try (Memory devices = new Memory((gpus.size() + 1L) * Native.POINTER_SIZE)) {
            devices.clear();
            for (int i = 0; i < gpus.size(); i++) {
                devices.setPointer((long) i * Native.POINTER_SIZE, gpus.get(i).pointer());
            }
            params.devices = devices;
            params.n_gpu_layers = gpus.isEmpty() ? 0 : ALL_LAYERS;
            return llama_model_load_from_file(path, params);
        }
    }

    @Override
    public @Nullable NativeContext createContext(Pointer model, LlamaSettings settings, int sequences, int stepTokens) {
        ParamsV040.Context params = llama_context_default_params();
        params.n_ctx = settings.contextCells();
        params.n_batch = stepTokens;
        params.n_ubatch = stepTokens;
        params.n_seq_max = sequences;
        params.n_threads = settings.threads();
        params.n_threads_batch = settings.batchThreads();
        // All sequences share the cells. Without it, the copy of a part of a text ends the process.
        params.kv_unified = 1;
        Pointer context = llama_init_from_model(model, params);
        if (context == null) {
            return null;
        }
        ThreadPool pool = ThreadPool.start(ggml, Math.max(settings.threads(), settings.batchThreads()));
        llama_attach_threadpool(context, pool.pointer(), pool.pointer());
        CellCount cells = new CellCount(sequences, settings.contextCells());
        return new Context(this, context, new Threads(pool, settings), cells, longestInParts(model));
    }

    /**
     * Layers with a window forget what lies before the window of a text's last token. Recurrent layers have one state
     * for a whole text.
     */
    private int longestInParts(Pointer model) {
        if (llama_model_is_hybrid(model) != 0) {
            return 0;
        }
        int window = llama_model_n_swa(model);
        return window > 0 ? window - 1 : Integer.MAX_VALUE;
    }

    @Override
    public Pointer penalties(Pointer vocab, int lastN, float frequency, float presence) {
        return llama_sampler_init_penalties(llama_vocab_n_tokens(vocab), lastN, 1f, frequency, presence);
    }

    /** The threads of a context: as many as are faster for a step. */
    private static final class Threads {

        private final ThreadPool pool;
        private final ThreadChoice single;
        private final ThreadChoice several;
        private int current;

        Threads(ThreadPool pool, LlamaSettings settings) {
            this.pool = pool;
            this.single = new ThreadChoice(settings.threads());
            this.several = new ThreadChoice(settings.batchThreads());
        }

        int decode(LlamaV040 llama, Pointer context, StepBatch batch) {
            int tokens = batch.size();
            ThreadChoice choice = tokens == 1 ? single : several;
            int count = choice.threads(tokens);
            if (count != current) {
                llama.llama_set_n_threads(context, count, count);
                current = count;
            }
            long start = System.nanoTime();
            int status = llama.llama_decode(context, batch.struct());
            if (status == 0) {
                choice.took(tokens, (double) (System.nanoTime() - start));
            }
            return status;
        }
    }

    private record Context(LlamaV040 llama, Pointer pointer, Threads threads, CellCount cells, int longestInParts)
            implements NativeContext {

        private static final int ALL = -1;

        @Override
        public int decode(StepBatch batch) {
            int status = threads.decode(llama, pointer, batch);
            if (status == 0) {
                for (int i = 0; i < batch.size(); i++) {
                    cells.add(batch.sequence(i));
                }
            }
            return status;
        }

        @Override
        public void share(int source, int target, int length) {
            llama.llama_memory_seq_cp(llama.llama_get_memory(pointer), source, target, 0, length);
            cells.share(source, target, length);
        }

        /** Nothing to do: the search starts at the first free cell whenever cells are freed. */
        @Override
        public void fillFromTheFront(int sequence) {}

        @Override
        public void remove(int sequence) {
            llama.llama_memory_seq_rm(llama.llama_get_memory(pointer), sequence, ALL, ALL);
            cells.remove(sequence);
        }

        @Override
        public int usedCells() {
            return cells.used();
        }

        /** Nothing to do: a step may use cells that are not contiguous. */
        @Override
        public void defragment() {}

        @Override
        public void close() {
            llama.llama_free(pointer);
            threads.pool.close();
        }
    }

    private native Pointer llama_version();

    private native ParamsV040.Model llama_model_default_params();

    private native ParamsV040.Context llama_context_default_params();

    private native @Nullable Pointer llama_model_load_from_file(byte[] path, ParamsV040.Model params);

    private native @Nullable Pointer llama_init_from_model(Pointer model, ParamsV040.Context params);

    private native void llama_attach_threadpool(Pointer context, Pointer threads, Pointer batchThreads);

    private native void llama_set_n_threads(Pointer context, int threads, int batchThreads);

    private native byte llama_model_is_hybrid(Pointer model);

    private native int llama_model_n_swa(Pointer model);

    private native Pointer llama_get_memory(Pointer context);

    private native byte llama_memory_seq_rm(Pointer memory, int sequence, int from, int to);

    private native void llama_memory_seq_cp(Pointer memory, int source, int target, int from, int to);

    private native Pointer llama_sampler_init_penalties(
            int tokens, int lastN, float repeat, float frequency, float presence);

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
}
