package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Loop;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final long MILLI = 1_000_000;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final Promise<String> missed = Promise.promise();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    @Test
    void deadlineThatIsNotTouchedIsMissed() throws Exception {
        var deadline = new Deadline(vertx, System::nanoTime, () -> missed.complete("missed"));

        loop.run(() -> deadline.set(Duration.ofMillis(2)));

        assertThat(missed.future().await(5, TimeUnit.SECONDS)).isEqualTo("missed");
    }

    /** The clock moves only when it is read; each touch comes before the limit is exceeded. */
    @Test
    void touchedDeadlineIsNotMissed() throws Exception {
        var nanos = new AtomicLong();
        Promise<Void> lookedAt = Promise.promise();
        LongSupplier clock = () -> {
            if (nanos.addAndGet(MILLI / 2) > 5 * MILLI) {
                lookedAt.tryComplete();
            }
            return nanos.get();
        };
        var deadline = new Deadline(vertx, clock, () -> missed.complete("missed"));

        loop.run(() -> {
            deadline.set(Duration.ofMillis(2));
            vertx.setPeriodic(1, touch -> deadline.touch());
        });
        lookedAt.future().await(5, TimeUnit.SECONDS);

        assertThat(missed.future().isComplete()).isFalse();
    }

    @Test
    void cancelledDeadlineIsForgotten() throws Exception {
        var deadline = new Deadline(vertx, System::nanoTime, () -> missed.complete("missed"));
        loop.run(() -> {
            deadline.set(Duration.ofMillis(1));
            deadline.cancel();
        });

        Promise<Void> later = Promise.promise();
        loop.run(() -> vertx.setTimer(10, passed -> later.complete()));
        later.future().await(5, TimeUnit.SECONDS);

        assertThat(missed.future().isComplete()).isFalse();
    }
}
