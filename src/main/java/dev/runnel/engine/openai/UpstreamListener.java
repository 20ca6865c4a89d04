package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;

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

    /**
     * More has arrived that is not text. Its place is after the pieces before it.
     *
     * @param json the value of the member of this kind, on one line
     * @param tokens how many deltas without text it is from
     */
    void part(PartKind kind, String json, int tokens);

    /** The request ended by itself. */
    void ended(UpstreamEnd end);
}
