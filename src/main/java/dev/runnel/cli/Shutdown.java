package dev.runnel.cli;

import dev.runnel.Drain;
import dev.runnel.Runnel;
import dev.runnel.log.Logs;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the service after SIGTERM or SIGINT. The exit status is 0, or 1 if streams were cut or something does not close.
 * Further signals change nothing.
 *
 * <p>There is one hook, because the JVM runs several hooks concurrently and the service closes in order. A JVM that
 * ends by a signal exits with 143 whatever its hooks do, so the hook halts it.
 */
public final class Shutdown implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    public static final Duration CLOSING = Duration.ofSeconds(20);
    /** The loading of a model cannot be interrupted, and no stream depends on it. */
    private static final Duration CLOSING_EARLY = Duration.ofSeconds(3);

    private final Thread hook = new Thread(this::run, "runnel-shutdown");
    private final Thread starter;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Runnel runnel;

    /** @param starter the thread that starts the service, and closes this when it has ended */
    Shutdown(Thread starter) {
        this.starter = starter;
    }

    /** Registers the hook. Before {@link #watch} it interrupts the calling thread, which may be fetching a model. */
    static Shutdown onSignal() {
        Shutdown shutdown = new Shutdown(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    void watch(Runnel running) {
        runnel = running;
    }

    private void run() {
        int status = end();
        Logs.flush();
        Runtime.getRuntime().halt(status);
    }

    /** Ends what runs, and returns the exit status. */
    int end() {
        Runnel running = runnel;
        if (running == null) {
            endStart();
            LOG.info("stopped before the start");
            return 0;
        }
        LOG.info("stopping");
        try {
            return end(running);
        } catch (RuntimeException e) {
            LOG.error("stopping failed", e);
            return 1;
        }
    }

    /** A fetch ends the processes that it started, such as pip, before its thread comes to {@link #close}. */
    private void endStart() {
        starter.interrupt();
        try {
            boolean hasEnded = closed.await(CLOSING_EARLY.toMillis(), TimeUnit.MILLISECONDS);
            if (!hasEnded) {
                LOG.warn("the start did not end within {} s", CLOSING_EARLY.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int end(Runnel running) {
        boolean wasOpening = !running.hasOpened();
        Drain.Outcome outcome = running.drain().await();
        if (!outcome.isClean()) {
            LOG.warn(
                    "drain limit reached: {} generations cut, {} connections dropped",
                    outcome.cut(),
                    outcome.dropped());
        }
        boolean isClosed = isDoneWithin(wasOpening ? CLOSING_EARLY : CLOSING, running.close());
        LOG.info("stopped");
        return outcome.isClean() && (isClosed || wasOpening) ? 0 : 1;
    }

    private static boolean isDoneWithin(Duration limit, Future<Void> closing) {
        try {
            closing.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            LOG.warn("not everything was closed within {} s", limit.toSeconds());
            return false;
        }
    }

    /** Removes the hook. If a signal has arrived, the hook is running and ends the process. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the process ends by a signal");
        }
    }
}
