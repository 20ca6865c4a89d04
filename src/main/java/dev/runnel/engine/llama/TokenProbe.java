package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Asks a grammar about one token. For one thread; must be closed. */
final class TokenProbe {

    private final TokenArray token;

    TokenProbe(Llama llama) {
        this.token = new TokenArray(llama, 1);
    }

    /** Whether a grammar admits a token now. One that llama.cpp could not read admits every token. */
    boolean admits(@Nullable Pointer grammar, int id) {
        token.view().put(0, id).put(TokenArray.LOGIT, 0);
        token.reset();
        token.apply(grammar);
        return token.view().get(TokenArray.LOGIT) != TokenArray.NO_LOGIT;
    }

    void close() {
        token.close();
    }
}
