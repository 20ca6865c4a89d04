package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Continuation;
import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Durations;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
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
    private final GenerationStats stats = new GenerationStats(submit(), "story", 4, nanos::get);

    private static Submit submit() {
        return new Submit(
                "",
                List.of(Turn.user("x")),
                Sampling.UNSET,
                0,
                true,
                "",
                Origin.NO_KEY.withCaller("ada", "key-1"),
                "inbox");
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private Durations durations(Ending ending, Usage usage) {
        return stats.ended("gen_1", ending, usage, 1).durations();
    }

    private void pass(long millis) {
        nanos.addAndGet(millis(millis));
    }

    @Test
    void timeToTheFirstTokenIncludesTheWaitInTheQueue() {
        pass(100);
        stats.started();
        pass(50);
        stats.generated(1);
        pass(70);

        assertThat(stats.firstTokenNanos()).isEqualTo(millis(150));
        assertThat(stats.queuedNanos()).isEqualTo(millis(100));
        assertThat(durations(STOPPED, USAGE).firstTokenNanos()).isEqualTo(millis(50));
    }

    @Test
    void tokensOfAnEarlierRunCountAlsoIfThisRunDoesNotStart() {
        Submit further = submit().withContinuation(
                        new Continuation("gen_1", 1, 3, new TextSoFar("Once upon", TokenIds.NONE, 2)));

        assertThat(new GenerationStats(further, "story", 4, nanos::get).counted())
                .isEqualTo(new Usage(4, 2, false));
        assertThat(stats.counted()).isEqualTo(Usage.NONE);
    }

    @Test
    void timePerTokenIsOfTheTokensAfterTheFirstPiece() {
        stats.started();
        pass(500);
        stats.generated(2);
        pass(100);
        stats.generated(10);

        Ended end = stats.ended("gen_1", STOPPED, USAGE, 2);

        assertThat(end.durations().perTokenNanos()).isEqualTo(millis(10));
        assertThat(end.durations().totalNanos()).isEqualTo(millis(600));
        assertThat(end.usage()).isEqualTo(USAGE);
        assertThat(end.deltas()).isEqualTo(2);
        assertThat(end.keyId()).isEqualTo("key-1");
        assertThat(end.error().isEmpty()).isTrue();
    }

    @Test
    void oneTokenHasNoTimePerToken() {
        stats.started();
        stats.generated(1);
        pass(10);

        assertThat(durations(STOPPED, new Usage(4, 1, false)).perTokenNanos()).isEqualTo(Durations.NONE);
    }

    @Test
    void longestPauseIsKept() {
        stats.started();
        stats.generated(1);
        stats.paused(millis(5));
        stats.paused(millis(90));
        stats.paused(millis(20));

        assertThat(durations(STOPPED, USAGE).longestPauseNanos()).isEqualTo(millis(90));
    }

    @Test
    void generationWithoutATokenHasNeitherPauseNorTimePerToken() {
        var failed = new Ending.Failed(Failure.of(FailureCode.QUEUE_TIMEOUT, "too long"));

        Ended end = stats.ended("gen_1", failed, Usage.NONE, 0);

        assertThat(end.durations().longestPauseNanos()).isEqualTo(Durations.NONE);
        assertThat(end.durations().perTokenNanos()).isEqualTo(Durations.NONE);
        assertThat(end.durations().firstTokenNanos()).isEqualTo(Durations.NONE);
        assertThat(end.failure()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
        assertThat(end.error()).hasValue(FailureCode.QUEUE_TIMEOUT);
    }

    @Test
    void cancelLastsFromTheFirstSignThatTheConsumerLeft() {
        stats.consumerLeft();
        pass(30);
        stats.consumerLeft();
        pass(10);

        Ended end = stats.ended("gen_1", new Ending.Abandoned(), Usage.NONE, 0);

        assertThat(end.durations().cancelNanos()).isEqualTo(millis(40));
        assertThat(end.failure()).isNull();
        assertThat(end.error()).hasValue(FailureCode.CANCELLED);
    }

    @Test
    void consumerThatLeavesAtARegularEndCancelsNothing() {
        stats.consumerLeft();

        assertThat(durations(STOPPED, USAGE).cancelNanos()).isEqualTo(Durations.NONE);
    }
}
