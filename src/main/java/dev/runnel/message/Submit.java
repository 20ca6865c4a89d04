package dev.runnel.message;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;

/**
 * Asks a generator to run one generation. Answered with {@link Accepted}, or with {@link Failed} of sequence 0.
 *
 * @param model the model's name; empty is the generator's default model
 * @param turns the conversation, oldest first, at least one
 * @param sampling how tokens are chosen and where the text stops
 * @param maxTokens tokens to generate at most; 0, only with {@code maxTokensIsDefault}, is the generator's default
 * @param maxTokensIsDefault whether the caller left {@code maxTokens} out
 * @param options a JSON object with what the engine alone reads, at most {@link #MOST_OPTIONS_BYTES} in UTF-8; empty
 *     without any
 * @param origin where the request comes from
 * @param inbox the address that the generation's {@link InboxMessage}s go to
 * @param placement its way between two nodes
 * @param continuation the text so far, where the generation goes on; {@link Continuation#NONE} for a new one
 * @param isResumable whether a generator on another node keeps the text too, for another consumer if this one is gone:
 *     see {@link Adopt}
 */
public record Submit(
        String model,
        List<Turn> turns,
        Sampling sampling,
        int maxTokens,
        boolean maxTokensIsDefault,
        String options,
        Origin origin,
        String inbox,
        Placement placement,
        Continuation continuation,
        boolean isResumable) {

    /** The most bytes of {@link #options} in UTF-8. */
    public static final int MOST_OPTIONS_BYTES = 256 * 1024;

    /** Copies the turns. */
    public Submit {
        turns = List.copyOf(turns);
    }

    /**
     * Within a process.
     *
     * @param model the model's name; empty is the generator's default model
     * @param turns the conversation, oldest first, at least one
     * @param sampling how tokens are chosen and where the text stops
     * @param maxTokens tokens to generate at most
     * @param maxTokensIsDefault whether the caller left {@code maxTokens} out
     * @param options a JSON object with what the engine alone reads, or empty
     * @param origin where the request comes from
     * @param inbox the address that the generation's messages go to
     */
    public Submit(
            String model,
            List<Turn> turns,
            Sampling sampling,
            int maxTokens,
            boolean maxTokensIsDefault,
            String options,
            Origin origin,
            String inbox) {
        this(
                model,
                turns,
                sampling,
                maxTokens,
                maxTokensIsDefault,
                options,
                origin,
                inbox,
                Placement.HERE,
                Continuation.NONE,
                false);
    }

    /**
     * The same on another way.
     *
     * @param other its way
     * @return the submit
     */
    public Submit withPlacement(Placement other) {
        return with(inbox, other, continuation, isResumable);
    }

    /**
     * The same for a generation that goes on.
     *
     * @param what which one, and its text so far
     * @return the submit
     */
    public Submit withContinuation(Continuation what) {
        return with(inbox, placement, what, isResumable);
    }

    /**
     * The same for a resumable generation.
     *
     * @return the submit
     */
    public Submit resumable() {
        return with(inbox, placement, continuation, true);
    }

    /**
     * The same for another consumer.
     *
     * @param consumer the address of its inbox
     * @return the submit
     */
    public Submit withInbox(String consumer) {
        return with(consumer, placement, continuation, isResumable);
    }

    /**
     * The same without what an engine reads: of a generation that has ended.
     *
     * @return the submit, without turns and options
     */
    public Submit withoutPrompt() {
        return new Submit(
                model,
                List.of(),
                sampling,
                maxTokens,
                maxTokensIsDefault,
                "",
                origin,
                inbox,
                placement,
                continuation,
                isResumable);
    }

    private Submit with(String consumer, Placement way, Continuation what, boolean resumable) {
        return new Submit(
                model, turns, sampling, maxTokens, maxTokensIsDefault, options, origin, consumer, way, what, resumable);
    }

    /** Leaves the options out: they may hold the caller's text. */
    @Override
    public String toString() {
        return "Submit[model=" + model + ", turns=" + turns + ", sampling=" + sampling + ", maxTokens=" + maxTokens
                + ", options=" + options.length() + " chars, origin=" + origin + ", inbox=" + inbox + ", placement="
                + placement + ", continuation=" + continuation + ", isResumable=" + isResumable + "]";
    }
}
