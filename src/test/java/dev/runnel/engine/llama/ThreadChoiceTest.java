package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Steps whose time depends on the number of threads. */
class ThreadChoiceTest {

    private static final int MAX = 4;
    private static final int STEPS = 10_000;

    private final Random random = new Random(20261129);
    private final ThreadChoice choice = new ThreadChoice(MAX);

    @Test
    void allThreadsAreUsedWhileTheyAreFaster() {
        double time = run(1, STEPS, threads -> threads == MAX ? noisy(4) : noisy(10));

        assertThat(time / STEPS).isLessThan(4 / 0.95);
    }

    @Test
    void oneThreadIsUsedWhileItIsFaster() {
        double time = run(1, STEPS, threads -> threads == MAX ? noisy(100) : noisy(10));

        assertThat(time / STEPS).isLessThan(10 / 0.95);
    }

    @Test
    void choiceFollowsTheNeighbours() {
        IntToDoubleFunction alone = threads -> threads == MAX ? noisy(4) : noisy(10);
        IntToDoubleFunction beside = threads -> threads == MAX ? noisy(60) : noisy(12);
        for (int change = 0; change < 5; change++) {
            run(1, STEPS, alone);
            assertThat(choice.threads(1)).isEqualTo(MAX);
            assertThat(run(1, 40, beside))
                    .as("time of the first steps beside others")
                    .isLessThan(40 * 20);
            run(1, STEPS, beside);
            assertThat(choice.threads(1)).isEqualTo(1);
        }
    }

    @Test
    void noiseDoesNotChangeTheChoiceForLong() {
        double time = run(1, STEPS, threads -> random.nextInt(50) == 0 ? 40 : threads == MAX ? 4 : 6);

        assertThat(time / STEPS).isLessThan((4 + 36 / 50.0) / 0.95);
    }

    @Test
    void stepsOfOtherSizesAreChosenByThemselves() {
        run(1, STEPS, threads -> threads == MAX ? noisy(60) : noisy(12));
        run(40, STEPS, threads -> threads == MAX ? noisy(100) : noisy(300));

        assertThat(choice.threads(1)).isEqualTo(1);
        assertThat(choice.threads(33)).isEqualTo(MAX);
    }

    @Test
    void oneThreadIsTheOnlyChoiceIfItIsTheMost() {
        ThreadChoice only = new ThreadChoice(1);
        for (int step = 0; step < 100; step++) {
            assertThat(only.threads(1)).isEqualTo(1);
            only.took(1, noisy(10));
        }
    }

    private double run(int tokens, int steps, IntToDoubleFunction time) {
        double sum = 0;
        for (int step = 0; step < steps; step++) {
            double took = time.applyAsDouble(choice.threads(tokens));
            choice.took(tokens, took);
            sum += took;
        }
        return sum;
    }

    /** 0.9 to 1.1 times as much. */
    private double noisy(double time) {
        return time * (0.9 + 0.2 * random.nextDouble());
    }
}
