package dev.runnel.http.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a thread wait behind all others of this process. Java's own thread priorities do nothing on Linux, where every thread
 * has a niceness of its own, which {@code renice} sets.
 */
final class ThreadNiceness {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadNiceness.class);

    /** Links to a folder that is named after the thread that looks. */
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");

    /** Under full load about a tenth of what another thread gets: a scrape still ends within its timeout. */
    private static final String NICENESS = "10";

    private static final int PATIENCE_SECONDS = 5;

    private ThreadNiceness() {}

    /** For the thread that calls it, which blocks for some milliseconds. Where that cannot be, nothing changes. */
    static void ofThisThread() {
        try {
            String thread = Files.readSymbolicLink(THIS_THREAD).getFileName().toString();
            Process renice = new ProcessBuilder("renice", "-n", NICENESS, "-p", thread)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!renice.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                renice.destroy();
            }
        } catch (IOException e) {
            LOG.debug("scrapes have the priority of all else: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
