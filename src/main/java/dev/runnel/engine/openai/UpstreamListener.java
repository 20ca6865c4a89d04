package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;

/** Receives what one {@link UpstreamRequest} brings. Called on the request's event loop. */
interface UpstreamListener {

    /** The upstream has started a stream. */
    void answered();

    /**
     * More text has arrived. Without text the upstream still works, for example reasons.
     *
     * @param tokens how many deltas it is from
     */
    void piece(EscapedText text, int tokens);

    /** The request ended by itself. */
    void ended(UpstreamEnd end);
}
