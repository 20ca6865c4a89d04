package dev.runnel.engine.llama;

import com.sun.jna.Memory;

/** The tokens of one step, in the arrays that {@code llama_decode} reads. Engine thread only; must be closed. */
final class StepBatch {

    private final OwningThread owner = OwningThread.current();
    private final int capacity;
    private final Memory tokens;
    private final Memory positions;
    private final Memory sequences;
    private final Memory sequenceCounts;
    private final Memory sequencePointers;
    private final Memory logits;
    private final CommonParams.Batch struct = new CommonParams.Batch();
    private int size;

    StepBatch(int capacity) {
        this.capacity = capacity;
        tokens = new Memory((long) capacity * Integer.BYTES);
        positions = new Memory((long) capacity * Integer.BYTES);
        sequences = new Memory((long) capacity * Integer.BYTES);
        sequenceCounts = new Memory((long) capacity * Integer.BYTES);
        sequencePointers = new Memory((long) capacity * Long.BYTES);
        logits = new Memory(capacity);
        for (int i = 0; i < capacity; i++) {
            sequenceCounts.setInt((long) i * Integer.BYTES, 1);
            sequencePointers.setPointer((long) i * Long.BYTES, sequences.share((long) i * Integer.BYTES));
        }
        fillStruct();
    }

    private void fillStruct() {
        struct.token = tokens;
        struct.pos = positions;
        struct.n_seq_id = sequenceCounts;
        struct.seq_id = sequencePointers;
        struct.logits = logits;
        struct.write();
        // From now on only the count changes. It is written directly, because JNA's reflection is too slow for each
        // step.
        struct.setAutoSynch(false);
    }

    int size() {
        return size;
    }

    int room() {
        return capacity - size;
    }

    void clear() {
        size = 0;
    }

    /** Adds a token and returns its index, for {@link Sampler#sample} if {@code wantsLogits}. */
    int add(int token, int position, int sequence, boolean wantsLogits) {
        assert owner.isCurrent();
        long at = (long) size * Integer.BYTES;
        tokens.setInt(at, token);
        positions.setInt(at, position);
        sequences.setInt(at, sequence);
        logits.setByte(size, (byte) (wantsLogits ? 1 : 0));
        return size++;
    }

    /** The sequence of the token at an index. */
    int sequence(int index) {
        return sequences.getInt((long) index * Integer.BYTES);
    }

    /** For {@link LlamaContext}. */
    CommonParams.Batch struct() {
        struct.getPointer().setInt(0, size);
        return struct;
    }

    void close() {
        assert owner.isCurrent();
        for (Memory memory : new Memory[] {tokens, positions, sequences, sequenceCounts, sequencePointers, logits}) {
            memory.close();
        }
    }
}
