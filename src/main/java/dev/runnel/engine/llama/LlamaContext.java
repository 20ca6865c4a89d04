package dev.runnel.engine.llama;

import com.sun.jna.Pointer;

/** A model's context: the cells of all evaluated tokens. Engine thread only; must be closed before its model. */
final class LlamaContext {

    /** llama.cpp defragments by itself from this share of free cells among the used ones. */
    private static final float DEFRAGMENT_FROM = 0.3f;

    private static final int ALL = -1;

    private final Pointer context;
    private final OwningThread owner = OwningThread.current();

    private LlamaContext(Pointer context) {
        this.context = context;
    }

    /**
     * @param sequences the number of sequence ids; they start from 0
     * @param stepTokens the most tokens of one step
     */
    static LlamaContext create(LlamaModel model, LlamaSettings settings, int sequences, int stepTokens)
            throws LlamaUnavailableException {
        Llama.LlamaContextParams params = Llama.llama_context_default_params();
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
        Pointer context = Llama.llama_init_from_model(model.pointer(), params);
        if (context == null) {
            throw new LlamaUnavailableException("contextCells: " + settings.contextCells()
                    + " (expected: a context that fits into memory); set fewer, or give the process more memory");
        }
        return new LlamaContext(context);
    }

    /** For {@link Sampler}. */
    Pointer pointer() {
        return context;
    }

    int cells() {
        return Llama.llama_n_ctx(context);
    }

    /** Evaluates a batch and returns 0. Any other status leaves the cells unchanged. */
    int decode(StepBatch batch) {
        assert owner.isCurrent();
        return Llama.llama_decode(context, batch.struct());
    }

    /** Shares the first {@code length} tokens of one sequence with another, empty one. */
    void share(int source, int target, int length) {
        assert owner.isCurrent();
        Llama.llama_kv_self_seq_cp(context, source, target, 0, length);
    }

    /** Makes the search for free cells start at the first cell: a side effect of a copy of 0 tokens. */
    void fillFromTheFront(int sequence) {
        assert owner.isCurrent();
        Llama.llama_kv_self_seq_cp(context, sequence == 0 ? 1 : 0, sequence, 0, 0);
    }

    /** Frees the cells that only this sequence uses. */
    void remove(int sequence) {
        assert owner.isCurrent();
        Llama.llama_kv_self_seq_rm(context, sequence, ALL, ALL);
    }

    int usedCells() {
        assert owner.isCurrent();
        return Llama.llama_kv_self_used_cells(context);
    }

    void defragment() {
        assert owner.isCurrent();
        Llama.llama_kv_self_defrag(context);
        Llama.llama_kv_self_update(context);
    }

    void close() {
        assert owner.isCurrent();
        Llama.llama_free(context);
    }
}
