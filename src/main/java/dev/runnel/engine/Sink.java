package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.PartKind;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Receives what one generation produces: any number of pieces and parts, then exactly one of {@link #completed} and
 * {@link #failed}, and nothing after it. The end means that the place in the engine is free.
 */
public interface Sink {

    /**
     * More was generated.
     *
     * @param text whole code points; empty where a token's text is held back
     * @param tokens how many tokens the piece is, 0 or more
     */
    void piece(EscapedText text, int tokens);

    /**
     * More was generated, by an engine whose tokens have ids. Called in place of {@link #piece(EscapedText, int)} if
     * {@link #wantsTokenIds()}.
     *
     * @param text whole code points; empty where a token's text is held back
     * @param tokens how many tokens the piece is, 0 or more
     * @param ids of the tokens that are complete with this text: these and those of the calls before give the whole
     *     text, or all but its end
     */
    default void piece(EscapedText text, int tokens, TokenIds ids) {
        piece(text, tokens);
    }

    /**
     * Whether the generation may have to go on elsewhere. Any thread.
     *
     * @return whether the ids of tokens are of use
     */
    default boolean wantsTokenIds() {
        return false;
    }

    /**
     * More was generated that is not text. Its place is after the pieces before it. A sink that does not know parts
     * gets a piece without text.
     *
     * @param kind what it is
     * @param json the value of the member of this kind, on one line
     * @param tokens how many tokens it is, 0 or more
     */
    default void part(PartKind kind, String json, int tokens) {
        piece(EscapedText.EMPTY, tokens);
    }

    /**
     * The generation ended without a failure.
     *
     * @param completion after {@link GenerationHandle#cancel()} with {@code CANCELLED}, unless it had ended before
     */
    void completed(Completion completion);

    /**
     * The generation failed.
     *
     * @param failure why
     */
    void failed(Failure failure);

    /**
     * The generation failed, and the engine knows what it has used.
     *
     * @param failure why
     * @param usage in the engine's tokens
     */
    default void failed(Failure failure, Usage usage) {
        failed(failure);
    }

    /**
     * The trace context for requests to another server, as the value of a {@code traceparent} header (W3C Trace
     * Context, section 3.2). Valid from before the first call of the sink.
     *
     * @return {@code null} where the generation is not traced
     */
    default @Nullable String traceparent() {
        return null;
    }
}
