package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReschedulingTimerTest {

    private static final long MILLI = 1_000_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final AtomicInteger checks = new AtomicInteger();

    @AfterEach
    void stop() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void checkThatReturnsATimeRunsAgainUntilItReturnsZero() throws Exception {
        Iterator<Long> answers = List.of(MILLI, 2 * MILLI, 0L).iterator();
        Promise<Void> last = Promise.promise();
        ReschedulingTimer timer = new ReschedulingTimer(vertx, () -> {
            checks.incrementAndGet();
            long next = answers.next();
            if (next == 0) {
                vertx.setTimer(20, later -> last.complete());
            }
            return next;
        });

        context.runOnContext(turn -> timer.start(MILLI));

        last.future().await(10, TimeUnit.SECONDS);
        assertThat(checks).hasValue(3);
    }

    @Test
    void stoppedTimerDoesNotFire() throws Exception {
        assertChecksAfter(
                timer -> {
                    timer.start(MILLI);
                    timer.stop();
                    timer.stop();
                },
                0);
    }

    @Test
    void secondStartReplacesTheFirst() throws Exception {
        assertChecksAfter(
                timer -> {
                    timer.start(MILLI);
                    timer.start(2 * MILLI);
                },
                1);
    }

    private void assertChecksAfter(Consumer<ReschedulingTimer> action, int expected) throws Exception {
        ReschedulingTimer timer = new ReschedulingTimer(vertx, () -> {
            checks.incrementAndGet();
            return 0;
        });
        Promise<Void> later = Promise.promise();

        context.runOnContext(turn -> {
            action.accept(timer);
            vertx.setTimer(20, fired -> later.complete());
        });

        later.future().await(10, TimeUnit.SECONDS);
        assertThat(checks).hasValue(expected);
    }
}
