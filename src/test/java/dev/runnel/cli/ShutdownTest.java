package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    @Test
    void signalBeforeTheStartInterruptsItAndWaitsForItsEnd() throws Exception {
        var started = new CountDownLatch(1);
        var isCleanedUp = new AtomicBoolean();
        var shutdown = new CountDownLatch(1);
        var holder = new Shutdown[1];
        Thread starter = new Thread(() -> {
            try (Shutdown own = new Shutdown(Thread.currentThread())) {
                holder[0] = own;
                started.countDown();
                awaitForever(shutdown);
                isCleanedUp.set(true);
            }
        });
        starter.start();
        started.await();

        int status = holder[0].end();

        assertThat(isCleanedUp).isTrue();
        assertThat(status).isZero();
        starter.join();
    }

    /** Until the interrupt. */
    private static void awaitForever(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
