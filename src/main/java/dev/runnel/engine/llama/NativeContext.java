package dev.runnel.engine.llama;

import com.sun.jna.Pointer;

/** A context of llama.cpp: what differs between its versions. Engine thread only; must be closed before its model. */
interface NativeContext {

    /** For the functions of {@link Llama}. */
    Pointer pointer();

    /** Evaluates a batch and returns 0. Any other status leaves the cells unchanged. */
    int decode(StepBatch batch);

    /**
     * The length of the longest text whose start can be shared without its end, in tokens. A longer text can be shared
     * only as a whole.
     */
    int longestInParts();

    /** Shares the first {@code length} tokens of one sequence with another, empty one. */
    void share(int source, int target, int length);

    /** Makes the search for free cells start at the first cell. */
    void fillFromTheFront(int sequence);

    /** Frees the cells that only this sequence uses. */
    void remove(int sequence);

    /** The cells that any sequence uses. */
    int usedCells();

    /** Makes free cells contiguous, if the version needs that. */
    void defragment();

    void close();
}
