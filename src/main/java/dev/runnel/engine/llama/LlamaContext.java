package dev.runnel.engine.llama;

import com.sun.jna.Pointer;

/** A model's context: the cells that hold what has been evaluated. Engine thread only; must be closed before its model. */
final class LlamaContext {

    /** The share of holes among the first cells from which llama.cpp closes them up by itself. */
    private static final float DEFRAGMENT_FROM = 0.3f;

    private static final int ALL = -1;

    private final Pointer context;
    private final OwningThread owner = OwningThread.current();

    private LlamaContext(Pointer context) {
        this.context = context;
    }

    /**
     * @param sequences how many sequence ids there are, from 0 on
     * @param stepTokens how many tokens one step may hold
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
        // It skips the cells of other sequences, where the plain attention computes and discards them: with 1,000 cells
        // of
        // others in the context a step of eight sequences takes 80 ms in place of 108 (two cores, default model).
        params.flash_attn = 1;
        Pointer context = Llama.llama_init_from_model(model.pointer(), params);
        if (context == null) {
            throw new LlamaUnavailableException("there is no memory for contextCells: " + settings.contextCells()
                    + "; set fewer, or give the process more");
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

    /** Evaluates a batch: 0 if that went well. All else leaves the cells as they were. */
    int decode(StepBatch batch) {
        assert owner.isCurrent();
        return Llama.llama_decode(context, batch.struct());
    }

    /** Lets the first {@code length} tokens of one sequence be those of another one, which is empty, too. */
    void share(int source, int target, int length) {
        assert owner.isCurrent();
        Llama.llama_kv_self_seq_cp(context, source, target, 0, length);
    }

    /** Lets the search for free cells begin at the first one, which is a side effect of sharing nothing. */
    void fillFromTheFront(int sequence) {
        assert owner.isCurrent();
        Llama.llama_kv_self_seq_cp(context, sequence == 0 ? 1 : 0, sequence, 0, 0);
    }

    /** Frees the cells that only this sequence has. */
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
