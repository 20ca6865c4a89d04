package dev.runnel.engine.llama;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/** Tokens with their logits for a sampler: {@code llama_token_data_array}. For one thread; must be closed. */
final class TokenArray {

    /** The integers of one token, {@code llama_token_data}: id, logit, probability. */
    static final int TOKEN_INTS = 3;

    /** The place of the logit among them. */
    static final int LOGIT = 1;

    /** The logit of a token that must not be chosen. */
    static final int NO_LOGIT = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

    private static final int SIZE_AT = 8;
    private static final int SELECTED_AT = 16;
    private static final int SORTED_AT = 24;
    private static final int ARRAY_BYTES = 32;

    private final Llama llama;
    private final int capacity;
    private final Memory tokens;
    private final Memory array = new Memory(ARRAY_BYTES);
    private final IntBuffer view;

    TokenArray(Llama llama, int capacity) {
        this.llama = llama;
        this.capacity = capacity;
        this.tokens = new Memory((long) capacity * TOKEN_INTS * Integer.BYTES);
        this.view = tokens.getByteBuffer(0, tokens.size())
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    /** The tokens as integers. */
    IntBuffer view() {
        return view;
    }

    /** Called after the tokens were written: none is selected. */
    void reset() {
        array.setPointer(0, tokens);
        array.setLong(SIZE_AT, capacity);
        array.setLong(SELECTED_AT, -1);
        array.setByte(SORTED_AT, (byte) 0);
    }

    void apply(@Nullable Pointer sampler) {
        llama.llama_sampler_apply(sampler, array);
    }

    /** The token that a sampler has selected. */
    int selected() {
        return array.getPointer(0).getInt(array.getLong(SELECTED_AT) * TOKEN_INTS * Integer.BYTES);
    }

    void close() {
        tokens.close();
        array.close();
    }
}
