package dev.runnel.engine.llama;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Asks a grammar about one token. For one thread; must be closed. */
final class TokenProbe {

    private static final int LOGIT_AT = 4;

    private final Memory token = new Memory(Candidates.TOKEN_BYTES);
    private final Memory array = new Memory(Candidates.ARRAY_BYTES);

    /** Whether a grammar admits a token now. One that llama.cpp could not read admits every token. */
    boolean admits(Pointer grammar, int id) {
        token.setInt(0, id);
        token.setFloat(LOGIT_AT, 1f);
        Candidates.set(array, token, 1);
        Llama.llama_sampler_apply(grammar, array);
        return token.getFloat(LOGIT_AT) != Float.NEGATIVE_INFINITY;
    }

    void close() {
        token.close();
        array.close();
    }
}
