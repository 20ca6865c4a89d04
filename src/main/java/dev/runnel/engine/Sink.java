package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;

/**
 * Takes what one generation produces: any number of pieces, then exactly one of {@link #completed} and {@link #failed}, and
 * nothing behind it. The end means that the place in the engine is free.
 */
public interface Sink {

    /**
     * More was generated.
     *
     * @param text whole code points; empty where a token's text is held back
     * @param tokens how many tokens this stands for, 0 or more
     */
    void piece(EscapedText text, int tokens);

    /** The generation ended; after {@link Running#cancel()} with {@code CANCELLED} unless it had ended before. */
    void completed(Completion completion);

    void failed(Failure failure);
}
