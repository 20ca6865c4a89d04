package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Submit;
import dev.runnel.metric.GenerationEnd;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GenerationStatsTest {

    private static final Ending STOPPED = new Ending.Done(FinishReason.STOP);
    private static final Usage USAGE = new Usage(4, 12, false);

    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final GenerationStats account = new GenerationStats(
            new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 0, true, "ada", "key-1", "", null, "inbox"),
            "story",
            4,
            nanos::get);

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private void pass(long millis) {
        nanos.addAndGet(millis(millis));
    }

    @Test
    void timeToTheFirstTokenHoldsTheWaitInTheQueue() {
        pass(100);
        account.begun();
        pass(50);
        account.generated(1);
        pass(70);

        assertThat(account.firstTokenNanos()).isEqualTo(millis(150));
        assertThat(account.queuedNanos()).isEqualTo(millis(100));
        assertThat(account.ended("gen_1", STOPPED, USAGE).firstTokenMillis()).isEqualTo(50);
    }

    @Test
    void timePerTokenIsOfThoseBehindTheFirstPiece() {
        account.begun();
        pass(500);
        account.generated(2);
        pass(100);
        account.generated(10);

        GenerationEnd end = account.end(STOPPED, USAGE, 2);

        assertThat(end.nanosPerToken()).hasValue(millis(10));
        assertThat(end.nanos()).isEqualTo(millis(600));
        assertThat(List.of(end.promptTokens(), end.completionTokens())).containsExactly(4, 12);
        assertThat(end.deltas()).isEqualTo(2);
        assertThat(end.keyId()).isEqualTo("key-1");
        assertThat(end.error().isEmpty()).isTrue();
    }

    @Test
    void oneTokenHasNoTimePerToken() {
        account.begun();
        account.generated(1);
        pass(10);

        assertThat(account.end(STOPPED, new Usage(4, 1, false), 1).nanosPerToken())
                .isEmpty();
    }

    @Test
    void longestPauseIsKept() {
        account.begun();
        account.generated(1);
        account.paused(millis(5));
        account.paused(millis(90));
        account.paused(millis(20));

        assertThat(account.end(STOPPED, USAGE, 1).longestPauseNanos()).hasValue(millis(90));
    }

    @Test
    void generationWithoutATokenHasNeitherPauseNorTimePerToken() {
        GenerationEnd end =
                account.end(new Ending.Failed(Failure.of(FailureCode.QUEUE_TIMEOUT, "too long")), Usage.NONE, 0);

        assertThat(end.longestPauseNanos()).isEmpty();
        assertThat(end.nanosPerToken()).isEmpty();
        assertThat(end.error().map(Enum::name)).hasValue("QUEUE_TIMEOUT");
    }

    @Test
    void cancelTakesFromTheFirstSignOfTheConsumersLeaving() {
        account.left();
        pass(30);
        account.left();
        pass(10);

        GenerationEnd end = account.end(new Ending.Abandoned(), Usage.NONE, 0);

        assertThat(end.cancelNanos()).hasValue(millis(40));
        assertThat(end.error().map(Enum::name)).hasValue("CANCELLED");
    }

    @Test
    void whoLeavesAtAnEndThatCameByItselfCancelsNothing() {
        account.left();

        assertThat(account.end(STOPPED, USAGE, 1).cancelNanos()).isEmpty();
    }
}
