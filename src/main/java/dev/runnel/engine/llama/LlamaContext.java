package dev.runnel.engine.llama;

import com.sun.jna.Pointer;

/** A model's context: the cells of all evaluated tokens. Engine thread only; must be closed before its model. */
final class LlamaContext {

    private final Llama llama;
    private final NativeContext context;
    private final OwningThread owner = OwningThread.current();

    private LlamaContext(Llama llama, NativeContext context) {
        this.llama = llama;
        this.context = context;
    }

    /**
     * @param sequences the number of sequence ids; they start from 0
     * @param stepTokens the most tokens of one step
     */
    static LlamaContext create(LlamaModel model, LlamaSettings settings, int sequences, int stepTokens)
            throws LlamaUnavailableException {
        NativeContext context = model.llama().createContext(model.pointer(), settings, sequences, stepTokens);
        if (context == null) {
            throw new LlamaUnavailableException("contextCells: " + settings.contextCells()
                    + " (expected: a context that fits into memory); set fewer, or give the process more memory");
        }
        return new LlamaContext(model.llama(), context);
    }

    /** For {@link Sampler}. */
    Pointer pointer() {
        return context.pointer();
    }

    /** The logits at {@code index} in the step's batch, one for each token of the vocabulary. */
    Pointer logits(int index) {
        return llama.llama_get_logits_ith(context.pointer(), index);
    }

    int cells() {
        return llama.llama_n_ctx(context.pointer());
    }

    /** Evaluates a batch and returns 0. Any other status leaves the cells unchanged. */
    int decode(StepBatch batch) {
        assert owner.isCurrent();
        return context.decode(batch);
    }

    /** As {@link NativeContext#longestInParts}. */
    int longestInParts() {
        return context.longestInParts();
    }

    /** Shares the first {@code length} tokens of one sequence with another, empty one. */
    void share(int source, int target, int length) {
        assert owner.isCurrent();
        context.share(source, target, length);
    }

    /** Makes the search for free cells start at the first cell. */
    void fillFromTheFront(int sequence) {
        assert owner.isCurrent();
        context.fillFromTheFront(sequence);
    }

    /** Frees the cells that only this sequence uses. */
    void remove(int sequence) {
        assert owner.isCurrent();
        context.remove(sequence);
    }

    int usedCells() {
        assert owner.isCurrent();
        return context.usedCells();
    }

    void defragment() {
        assert owner.isCurrent();
        context.defragment();
    }

    void close() {
        assert owner.isCurrent();
        context.close();
    }
}
