package dev.runnel.net;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class DeadlineTest {

    private static final long MILLI = 1_000_000;

    private final Vertx vertx;

    DeadlineTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void deadlineThatIsNotTouchedIsMissed(VertxTestContext test) {
        var deadline = new Deadline(vertx, System::nanoTime, test::completeNow, () -> test.failNow("whole"));

        vertx.runOnContext(turn -> deadline.set(Duration.ofMillis(2)));
    }

    /** The clock moves only when it is read; each touch comes before the limit is exceeded. */
    @Test
    void touchedDeadlineIsNotMissed(VertxTestContext test) {
        var nanos = new AtomicLong();
        LongSupplier clock = () -> {
            if (nanos.addAndGet(MILLI / 2) > 5 * MILLI) {
                test.completeNow();
            }
            return nanos.get();
        };
        var deadline = new Deadline(vertx, clock, () -> test.failNow("missed"), () -> test.failNow("whole"));

        vertx.runOnContext(turn -> {
            deadline.set(Duration.ofMillis(2));
            vertx.setPeriodic(1, touch -> deadline.touch());
        });
    }

    @Test
    void cancelledDeadlineIsForgotten(VertxTestContext test) {
        var deadline = new Deadline(vertx, System::nanoTime, () -> test.failNow("missed"), () -> test.failNow("whole"));

        vertx.runOnContext(turn -> {
            deadline.set(Duration.ofMillis(1));
            deadline.cancel();
            vertx.setTimer(10, later -> test.completeNow());
        });
    }

    @Test
    void wholeIsMissedAlthoughEveryEventIsInTime(VertxTestContext test) {
        var deadline = new Deadline(vertx, System::nanoTime, () -> test.failNow("missed"), test::completeNow);

        vertx.runOnContext(turn -> {
            deadline.set(Duration.ofMinutes(1), Duration.ofMillis(5));
            deadline.next(Duration.ofMinutes(1));
        });
    }

    @Test
    void newLimitEndsTheLimitOfTheWhole(VertxTestContext test) {
        var deadline = new Deadline(vertx, System::nanoTime, test::completeNow, () -> test.failNow("whole"));

        vertx.runOnContext(turn -> {
            deadline.set(Duration.ofMinutes(1), Duration.ofMillis(1));
            deadline.set(Duration.ofMillis(5));
        });
    }
}
