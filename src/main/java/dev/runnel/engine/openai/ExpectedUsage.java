package dev.runnel.engine.openai;

import dev.runnel.engine.Prompt;
import dev.runnel.text.TokenEstimate;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import dev.runnel.text.Utf8;

/**
 * What a generation should use. It replaces numbers that an upstream does not report, and limits those that cannot be.
 * The upstream counts the tokens of an earlier run as tokens of the prompt.
 *
 * @param promptTokens the estimate, as the limits make it too
 * @param mostPromptTokens the most that a prompt of this size can be
 * @param tokensSoFar the tokens of the completion that an earlier run has generated
 * @param maxTokens the most tokens that are requested after those
 * @param mostDeltas the most deltas of text and reasoning that they may be
 */
record ExpectedUsage(int promptTokens, int mostPromptTokens, int tokensSoFar, int maxTokens, int mostDeltas) {

    /** For what a server's template adds to the prompt. */
    private static final int TEMPLATE_TOKENS = 1024;

    /** How many deltas the tokens of a text may be, since a token may be several deltas in some servers. */
    private static final long DELTAS_PER_TOKEN = 4;

    /** @param systemBytes the length in UTF-8 of the text that the model's entry adds to every prompt */
    static ExpectedUsage of(Prompt prompt, long systemBytes) {
        long bytes = 0;
        for (Turn turn : prompt.turns()) {
            bytes += turn.utf8Length();
        }
        // A token is at least one byte, but for the tokens of the template. Tools are in the options.
        long most = bytes
                + Utf8.length(prompt.options())
                + Utf8.length(prompt.textSoFar().text())
                + systemBytes
                + TEMPLATE_TOKENS * (1L + prompt.turns().size());
        int tokensSoFar = prompt.textSoFar().tokens();
        int maxTokens = Math.max(0, prompt.maxTokens() - tokensSoFar);
        int promptTokens = (int) TokenEstimate.ofBytes(bytes);
        return new ExpectedUsage(
                promptTokens, capped(most), tokensSoFar, maxTokens, capped(DELTAS_PER_TOKEN * maxTokens));
    }

    private static int capped(long tokens) {
        return (int) Math.min(Usage.MAX_TOKENS, tokens);
    }

    /** What the generation has used before this run. */
    Usage before() {
        return tokensSoFar == 0 ? Usage.NONE : new Usage(promptTokens, tokensSoFar, true);
    }

    /** What was used. A report that is older than the last text or reasoning is no limit of what is charged. */
    Usage settle(DeltaReader deltas) {
        int reportedPrompt = deltas.promptTokens();
        int reported = deltas.completionTokens();
        int prompt = reportedPrompt > 0 ? Math.min(reportedPrompt, mostPromptTokens) : promptTokens;
        int atLeast = deltas.isReportCurrent() ? reported : Math.max(reported, deltas.counted());
        int completion = Math.min(atLeast, capped((long) maxTokens + deltas.counted()));
        return new Usage(prompt, completion, prompt != reportedPrompt || completion != reported);
    }

    /**
     * What was used by all runs. What repeats an earlier run is free.
     *
     * @param repeatedTokens how many of this run's tokens do
     */
    Usage settleAfterEarlierRun(DeltaReader deltas, int repeatedTokens) {
        Usage own = settle(deltas);
        int prompt = own.promptTokens() > tokensSoFar ? own.promptTokens() - tokensSoFar : promptTokens;
        long completion = (long) tokensSoFar + Math.max(0, own.completionTokens() - repeatedTokens);
        return new Usage(prompt, capped(completion), true);
    }

    /**
     * Whether the upstream ignores the limit of tokens.
     *
     * @param repeatedTokens how many tokens repeat an earlier run
     */
    boolean isExceeded(DeltaReader deltas, int repeatedTokens) {
        return deltas.counted() - repeatedTokens >= mostDeltas
                || deltas.completionTokens() - repeatedTokens > maxTokens;
    }
}
