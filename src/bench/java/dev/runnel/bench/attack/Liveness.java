package dev.runnel.bench.attack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks the management port whether the service is alive, each time on a connection of its own, until it is closed. */
final class Liveness implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int PAUSE_MILLIS = 200;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int OK = 200;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "liveness");
    private final int port;

    // Of the thread, until it has ended.
    private int asked;
    private int failed;
    private double slowestMillis;

    private Liveness(int port) {
        this.port = port;
    }

    static Liveness watch(int managementPort) {
        Liveness watching = new Liveness(managementPort);
        watching.thread.start();
        return watching;
    }

    private void run() {
        try {
            do {
                long began = System.nanoTime();
                asked++;
                failed += isLive(port) ? 0 : 1;
                slowestMillis = Math.max(slowestMillis, (System.nanoTime() - began) / NANOS_PER_MILLI);
            } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the service says so now; false if it does not answer within 10 s. */
    static boolean isLive(int managementPort) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + managementPort + "/health/live")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestProperty("Connection", "close");
            return connection.getResponseCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    int asked() {
        return asked;
    }

    /** Answers that were not 200, and questions without an answer. */
    int failed() {
        return failed;
    }

    double slowestMillis() {
        return slowestMillis;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
