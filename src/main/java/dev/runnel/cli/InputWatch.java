package dev.runnel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Waits for the end of standard input. It comes when the process that started this one, and holds the other end, has
 * ended in any way.
 */
final class InputWatch {

    private InputWatch() {}

    /**
     * Starts a daemon thread that reads and drops all input.
     *
     * @param ended runs on that thread after the end, or after a failed read
     */
    static void start(InputStream input, Runnable ended) {
        Thread thread = new Thread(() -> awaitEnd(input, ended), "runnel-input-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitEnd(InputStream input, Runnable ended) {
        try {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // No end can come any more.
        }
        ended.run();
    }
}
