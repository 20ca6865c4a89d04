package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ReschedulingTimerTest {

    private static final long MILLI = 1_000_000;

    /** For longer than any delay here. */
    private static final long STOPPED_NANOS = 10_000 * MILLI;

    private final Vertx vertx;

    ReschedulingTimerTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void checkThatReturnsATimeRunsAgainUntilItReturnsZero(VertxTestContext test) {
        Iterator<Long> answers = List.of(MILLI, 2 * MILLI, 0L).iterator();
        Checkpoint later = test.checkpoint();
        Checkpoint checked = test.checkpoint(3);
        ReschedulingTimer timer = new ReschedulingTimer(vertx, () -> {
            checked.flag();
            long next = answers.next();
            if (next == 0) {
                vertx.setTimer(20, fired -> later.flag());
            }
            return next;
        });

        vertx.runOnContext(turn -> timer.start(MILLI));
    }

    @Test
    void stoppedTimerDoesNotFire(VertxTestContext test) {
        ReschedulingTimer timer = new ReschedulingTimer(vertx, () -> {
            test.failNow("fired");
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(MILLI);
            timer.stop();
            timer.stop();
            vertx.setTimer(20, later -> test.completeNow());
        });
    }

    @Test
    void secondStartReplacesTheFirst(VertxTestContext test) {
        Checkpoint later = test.checkpoint();
        Checkpoint checked = test.checkpoint(1);
        ReschedulingTimer timer = new ReschedulingTimer(vertx, () -> {
            checked.flag();
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(MILLI);
            timer.start(2 * MILLI);
            vertx.setTimer(20, fired -> later.flag());
        });
    }

    @Test
    void whatWaitsWhenTheTimerFiresComesBeforeTheCheck(VertxTestContext test) {
        var hasArrived = new AtomicBoolean();
        LongSupplier clock = () -> {
            vertx.runOnContext(turn -> hasArrived.set(true));
            return 0;
        };
        ReschedulingTimer timer = new ReschedulingTimer(vertx, clock, () -> {
            test.verify(() -> assertThat(hasArrived).isTrue());
            test.completeNow();
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(MILLI);
            vertx.runOnContext(later -> hasArrived.set(false));
        });
    }

    @Test
    void timeByWhichTheTimerFiresLateIsGrantedAgain(VertxTestContext test) {
        var nanos = new AtomicLong();
        var hasArrived = new AtomicBoolean();
        ReschedulingTimer timer = new ReschedulingTimer(vertx, nanos::get, () -> {
            test.verify(() -> assertThat(hasArrived).isTrue());
            test.completeNow();
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(50 * MILLI);
            nanos.set(STOPPED_NANOS);
            vertx.setTimer(75, arrived -> hasArrived.set(true));
        });
    }

    @Test
    void timerThatIsStoppedAfterItFiredDoesNotCheck(VertxTestContext test) {
        var nanos = new AtomicLong();
        ReschedulingTimer timer = new ReschedulingTimer(vertx, nanos::get, () -> {
            test.failNow("checked");
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(50 * MILLI);
            nanos.set(STOPPED_NANOS);
            vertx.setTimer(75, fired -> timer.stop());
            vertx.setTimer(150, later -> test.completeNow());
        });
    }

    @Test
    void secondStandstillIsGrantedToo(VertxTestContext test) {
        var readings = new AtomicLong();
        LongSupplier clock = () -> readings.incrementAndGet() * STOPPED_NANOS;
        Checkpoint later = test.checkpoint();
        ReschedulingTimer timer = new ReschedulingTimer(vertx, clock, () -> {
            test.failNow("checked");
            return 0;
        });

        vertx.runOnContext(turn -> {
            timer.start(MILLI);
            vertx.setTimer(30, passed -> {
                test.verify(() -> assertThat(readings.get()).isGreaterThan(4));
                timer.stop();
                later.flag();
            });
        });
    }
}
