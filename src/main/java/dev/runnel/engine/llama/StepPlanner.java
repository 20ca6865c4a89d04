package dev.runnel.engine.llama;

import java.util.List;

/**
 * Chooses what one step evaluates: the next token of everyone who generates, and for what is left of the step's budget pieces
 * of prompts. The oldest prompt gets half of it, the next one half of the rest, and so on: it comes on steadily, and a short
 * one behind it need not wait for its end. Engine thread only.
 */
final class StepPlanner {

    /** Prompts get at least this part of a step, however many generate. */
    private static final int LEAST_PROMPT_PART = 4;

    /** From so many common tokens on it pays to wait until another prompt has evaluated them. */
    private static final int WORTH_WAITING_FOR = 8;

    private final TextCache cache;
    private final int stepTokens;
    private final double costlyPosition;

    /**
     * @param stepTokens the budget
     * @param width of the model's layers; at a position of 4/3 of it attention costs as much as the rest of a token's work
     *     (measured, default model), so a step takes fewer tokens the further it is in a prompt
     */
    StepPlanner(TextCache cache, int stepTokens, int width) {
        this.cache = cache;
        this.stepTokens = stepTokens;
        this.costlyPosition = width * 4 / 3.0;
    }

    /** How many tokens a step can have. */
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
        planPrompts(prompts, Math.max(stepTokens - generating.size(), stepTokens / LEAST_PROMPT_PART), batch);
    }

    /** Shares what can be shared, at the last moment; not ready is who had better wait for what another one evaluates. */
    private boolean isReady(Sequence sequence, List<Sequence> oldestFirst) {
        if (sequence.isShared()) {
            return true;
        }
        if (hadBetterWait(sequence, oldestFirst)) {
            return false;
        }
        boolean alone = oldestFirst.size() == 1;
        cache.share(sequence.text(), alone && sequence.prompt().reproducible());
        sequence.markShared();
        return true;
    }

    private boolean hadBetterWait(Sequence sequence, List<Sequence> oldestFirst) {
        CachedText text = sequence.text();
        int soon = oldestFirst.subList(0, oldestFirst.indexOf(sequence)).stream()
                .filter(older -> !older.isGenerating())
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

    /** Plans tokens of a prompt until the budget is spent; one may overdraw it. Returns what they cost. */
    private double feed(Sequence prompt, double budget, StepBatch batch) {
        double spent = 0;
        while (spent < budget && prompt.hasMoreToPlan() && batch.room() > 0) {
            spent += 1 + prompt.nextPosition() / costlyPosition;
            prompt.plan(batch);
        }
        return spent;
    }
}
