package dev.runnel.http.request;

/**
 * How a client wants its answer. Nothing in it changes the text.
 *
 * @param family of the route
 * @param includeText whether each event repeats the whole text
 * @param isStreamed whether the text is sent as it comes
 * @param includesUsage whether a stream reports what the generation used, where that is the client's choice
 * @param isBackground whether the generation goes on without a client, as with an idempotency key
 */
public record AnswerForm(
        Family family, boolean includeText, boolean isStreamed, boolean includesUsage, boolean isBackground) {

    /** Of a generation that goes on without a client only with an idempotency key. */
    public AnswerForm(Family family, boolean includeText, boolean isStreamed, boolean includesUsage) {
        this(family, includeText, isStreamed, includesUsage, false);
    }

    /** Routes whose requests have the same members. An idempotency key stands for a request of one family. */
    public enum Family {
        /** {@code /v1/generate} and {@code /v1/generate/stream}. */
        GENERATE,
        /** {@code /v1/chat/completions}. */
        CHAT,
        /** {@code /v1/completions}. */
        COMPLETIONS,
        /** {@code /v1/responses}. */
        RESPONSES
    }

    /** The form of {@code /v1/generate}, whose routes decide whether the answer is streamed. */
    static AnswerForm ofGenerate(boolean includeText) {
        return new AnswerForm(Family.GENERATE, includeText, false, true);
    }
}
