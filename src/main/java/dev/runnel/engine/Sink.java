package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Receives the output of one generation: any number of pieces, then exactly one of {@link #completed} and {@link
 * #failed}, and nothing after it. The end means that the place in the engine is free.
 */
public interface Sink {

    /**
     * A piece was generated.
     *
     * @param text whole code points; empty while a token's text is held back
     * @param tokens how many tokens this stands for, 0 or more
     */
    void piece(EscapedText text, int tokens);

    /**
     * The generation ended. After {@link GenerationHandle#cancel()} the reason is {@code CANCELLED}, unless it had
     * ended before.
     */
    void completed(Completion completion);

    void failed(Failure failure);

    /**
     * The trace context for a request to another server, or {@code null}. It is the value of a {@code traceparent}
     * header (W3C Trace Context, section 3.2), and is available before the first call of the sink.
     */
    default @Nullable String traceparent() {
        return null;
    }
}
