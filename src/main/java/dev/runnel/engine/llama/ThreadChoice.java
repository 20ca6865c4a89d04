package dev.runnel.engine.llama;

/**
 * Chooses between one thread and all threads for each step, by what the last steps of the same size took. Threads of a
 * step wait for each other in a loop that does not yield the processor. So if other programs need the processors, all
 * threads together may be slower than one.
 *
 * <p>The slower choice is tried again after 16 steps. Each time that it is still slower, the pause doubles, up to 1,024
 * steps. It is tried at once if two steps in turn take much longer than before. A step of the trial that takes four
 * times as long ends it.
 */
final class ThreadChoice {

    private static final int FIRST_GAP = 16;
    private static final int LONGEST_GAP = 1024;
    private static final int TRIAL_STEPS = 3;

    /** The other choice must be faster by this factor: a change must not follow from noise. */
    private static final double CLEARLY = 0.95;

    private static final double MUCH_LONGER = 2;
    private static final double FAR_LONGER = 4;

    /** The weight of the last step in the average of the steps. */
    private static final double WEIGHT = 0.25;

    private final int most;

    /** Steps of 1, 2-3, 4-7, 8-15 tokens, and so on. */
    private final Size[] sizes = new Size[Integer.SIZE];

    private static final class Size {
        private boolean one;
        private double average;
        private int gap = FIRST_GAP;
        private int untilTrial = FIRST_GAP;
        private int longSteps;
        private int trialSteps;
        private double trialSum;

        private boolean isTrial() {
            return untilTrial == 0;
        }
    }

    /** @param most the threads of a step, if not one */
    ThreadChoice(int most) {
        this.most = most;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = new Size();
        }
    }

    /** The number of threads for the next step of so many tokens. */
    int threads(int tokens) {
        Size size = size(tokens);
        return size.one != size.isTrial() ? 1 : most;
    }

    /** The step that {@link #threads} was asked for has ended. */
    void took(int tokens, double time) {
        Size size = size(tokens);
        if (size.isTrial()) {
            tried(size, time);
            return;
        }
        if (size.average == 0) {
            size.average = time;
        }
        double longest = MUCH_LONGER * size.average;
        size.longSteps = time > longest ? size.longSteps + 1 : 0;
        boolean isAlone = size.longSteps == 1;
        size.average += WEIGHT * ((isAlone ? longest : time) - size.average);
        size.untilTrial = size.longSteps > 1 ? 0 : size.untilTrial - 1;
    }

    private static void tried(Size size, double time) {
        size.trialSteps++;
        size.trialSum += time;
        boolean isHopeless = time > FAR_LONGER * size.average;
        if (size.trialSteps < TRIAL_STEPS && !isHopeless) {
            return;
        }
        double average = size.trialSum / size.trialSteps;
        if (average < CLEARLY * size.average) {
            size.one = !size.one;
            size.average = average;
            size.gap = FIRST_GAP;
        } else {
            size.gap = Math.min(2 * size.gap, LONGEST_GAP);
        }
        size.untilTrial = size.gap;
        size.longSteps = 0;
        size.trialSteps = 0;
        size.trialSum = 0;
    }

    private Size size(int tokens) {
        return sizes[Integer.SIZE - 1 - Integer.numberOfLeadingZeros(tokens)];
    }
}
