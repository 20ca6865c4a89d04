package dev.runnel.net;

import io.vertx.core.Vertx;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ReschedulingTimerTest {

    private static final long MILLI = 1_000_000;

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
}
