package dev.runnel.engine.llama;

import java.util.List;

/**
 * Chooses the tokens of one step: the next token of each running generation, and pieces of prompts for the rest of the
 * step's budget. The oldest prompt gets half of the rest, the next one half of what remains, and so on. So the oldest
 * one makes steady progress, and a short prompt after it does not wait for its end. Engine thread only.
 */
final class StepPlanner {

    /** Prompts get at least this fraction (1/4) of a step, whatever the number of running generations. */
    private static final int MIN_PROMPT_PART = 4;

    /** A prompt waits for another one that evaluates so many common tokens more than the cache has already. */
    private static final int WORTH_WAITING_FOR = 8;

    private final TextCache cache;
    private final int stepTokens;
    private final double costlyPosition;

    /**
     * @param stepTokens the budget of a step, in tokens
     * @param width the width of the model's layers. At a position of 4/3 of the width, attention costs as much as the
     *     rest of a token's work (measured, default model). So a step has fewer tokens at later positions of a prompt
     */
    StepPlanner(TextCache cache, int stepTokens, int width) {
        this.cache = cache;
        this.stepTokens = stepTokens;
        this.costlyPosition = width * 4 / 3.0;
    }

    /** The most tokens that a step can have. */
    static int mostTokens(int stepTokens, int sequences) {
        return sequences + stepTokens;
    }

    /** Fills the empty batch. */
    void plan(List<Sequence> oldestFirst, StepBatch batch) {
        List<Sequence> generating =
                oldestFirst.stream().filter(Sequence::isGenerating).toList();
        generating.forEach(sequence -> sequence.plan(batch));
        List<Sequence> prompts = oldestFirst.stream()
                .filter(sequence -> !sequence.isGenerating())
                .filter(sequence -> isReady(sequence, oldestFirst))
                .toList();
        planPrompts(prompts, Math.max(stepTokens - generating.size(), stepTokens / MIN_PROMPT_PART), batch);
    }

    /** Shares tokens at the last moment. A prompt is not ready while another one evaluates tokens that it can share. */
    private boolean isReady(Sequence sequence, List<Sequence> oldestFirst) {
        if (sequence.isShared()) {
            return true;
        }
        if (mustWait(sequence, oldestFirst)) {
            return false;
        }
        boolean alone = oldestFirst.size() == 1;
        cache.share(sequence.text(), alone && sequence.prompt().reproducible());
        sequence.markShared();
        return true;
    }

    private boolean mustWait(Sequence sequence, List<Sequence> oldestFirst) {
        CachedText text = sequence.text();
        int soon = oldestFirst.subList(0, oldestFirst.indexOf(sequence)).stream()
                .filter(older -> !older.isGenerating())
                .filter(older -> cache.sharesParts(older.text().length()))
                .mapToInt(older -> text.sharedWith(
                        older.text(), text.length() - 1, older.text().length()))
                .max()
                .orElse(0);
        return soon >= WORTH_WAITING_FOR && soon >= cache.sharable(text) + WORTH_WAITING_FOR;
    }

    private void planPrompts(List<Sequence> prompts, int budget, StepBatch batch) {
        double left = budget;
        for (Sequence prompt : prompts) {
            left -= feed(prompt, left / 2, batch);
        }
        for (Sequence prompt : prompts) {
            left -= feed(prompt, left, batch);
        }
    }

    /** Plans tokens of a prompt until the budget is spent; the last token may exceed it. Returns the cost. */
    private double feed(Sequence prompt, double budget, StepBatch batch) {
        double spent = 0;
        while (spent < budget && prompt.hasMoreToPlan() && batch.room() > 0) {
            spent += 1 + prompt.nextPosition() / costlyPosition;
            prompt.plan(batch);
        }
        return spent;
    }
}
