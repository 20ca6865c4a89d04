package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RecordingListener listener = new RecordingListener();
    private final Progress progress = new Progress("tiny", listener, nanos::get, 1000);

    @Test
    void notifiesFiveTimesASecondAndAtTheEnd() {
        for (int milli = 0; milli < 1000; milli++) {
            nanos.set(TimeUnit.MILLISECONDS.toNanos(milli));
            progress.at(milli);
        }
        progress.finish(1000);

        assertThat(listener.done).containsExactly(0L, 200L, 400L, 600L, 800L, 1000L);
        assertThat(listener.totals).containsOnly(1000L);
    }

    @Test
    void neverShrinksAndNeverPassesTheKnownSize() {
        progress.at(700);
        nanos.set(TimeUnit.SECONDS.toNanos(1));
        progress.at(300);
        nanos.set(TimeUnit.SECONDS.toNanos(2));
        progress.at(5000);

        assertThat(listener.done).containsExactly(700L, 700L, 1000L);
    }

    @Test
    void nextSourceStartsFromNothing() {
        progress.at(700);
        progress.restart(1000);
        nanos.set(TimeUnit.SECONDS.toNanos(1));
        progress.at(1);

        assertThat(listener.done).containsExactly(700L, 1L);
    }
}
