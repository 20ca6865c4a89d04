package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueWaitEstimatorTest {

    private static final long SECOND = 1_000_000_000L;

    private final QueueWaitEstimator turnover = new QueueWaitEstimator();

    @Test
    void beforeAnythingIsKnownAnotherTryMakesSenseSoon() {
        assertThat(turnover.secondsUntil(65, 0)).isEqualTo(1);
    }

    @Test
    void asLongAsNothingCameFreeTheWaitSoFarIsTheLeast() {
        turnover.contended(true, 0);

        assertThat(turnover.secondsUntil(2, 5 * SECOND)).isEqualTo(10);
    }

    @Test
    void evenTurnoverIsMeasuredExactly() {
        turnover.contended(true, 0);
        for (int i = 1; i <= 20; i++) {
            turnover.freed(i * SECOND / 2);
        }

        assertThat(turnover.secondsUntil(1, 10 * SECOND)).isEqualTo(1);
        assertThat(turnover.secondsUntil(9, 10 * SECOND)).isEqualTo(5);
        assertThat(turnover.secondsUntil(1000, 10 * SECOND)).isEqualTo(60);
    }

    @Test
    void timeWithoutWaitingTicketsDoesNotCount() {
        turnover.contended(true, 0);
        turnover.freed(SECOND);
        turnover.contended(false, SECOND);
        turnover.freed(500 * SECOND);
        turnover.contended(true, 1000 * SECOND);
        turnover.freed(1001 * SECOND);

        assertThat(turnover.secondsUntil(4, 1001 * SECOND)).isEqualTo(4);
    }

    @Test
    void placesThatAreHeldForLongCountMoreThanTheMean() {
        turnover.contended(true, 0);
        turnover.freed(SECOND);

        assertThat(turnover.nanosUntil(4, 2, 2 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(turnover.nanosUntil(4, 2, 21 * SECOND)).isEqualTo(40 * SECOND);
    }

    @Test
    void newerIntervalsCountMore() {
        turnover.contended(true, 0);
        turnover.freed(10 * SECOND);
        for (int i = 1; i <= 30; i++) {
            turnover.freed((10 + i) * SECOND);
        }

        assertThat(turnover.secondsUntil(2, 40 * SECOND)).isEqualTo(3);
    }
}
