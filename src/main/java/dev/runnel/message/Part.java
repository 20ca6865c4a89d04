package dev.runnel.message;

import dev.runnel.text.PartKind;

/**
 * A piece of an answer that is not text. It goes where the {@link Delta}s go, and is numbered with them, so that its
 * place is between those before and after it. A consumer that shows text alone ignores it.
 *
 * @param generationId {@code gen_…}
 * @param sequence 0 for the generation's first message, then one more each
 * @param kind what it is
 * @param json the value of the member of this kind, on one line
 * @param tokens how many of the engine's tokens it is
 * @param epoch which run of the generation sent it
 */
public record Part(String generationId, long sequence, PartKind kind, String json, int tokens, int epoch)
        implements NumberedMessage {

    /** The most bytes of all values of one generation, in UTF-8. One with more fails. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * Of a generation's first run.
     *
     * @param generationId {@code gen_…}
     * @param sequence 0 for the generation's first message, then one more each
     * @param kind what it is
     * @param json the value of the member of this kind, on one line
     * @param tokens how many of the engine's tokens it is
     */
    public Part(String generationId, long sequence, PartKind kind, String json, int tokens) {
        this(generationId, sequence, kind, json, tokens, 0);
    }

    /** Leaves the value out: what a model generates never reaches a log. */
    @Override
    public String toString() {
        return "Part[" + generationId + ", " + sequence + ", " + kind + ", " + json.length() + " chars]";
    }
}
