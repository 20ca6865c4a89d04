package dev.runnel.cli;

import dev.runnel.log.Logs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process that is out of memory at once, with a status and a last line on standard error. No event loop can be
 * relied on after an {@link OutOfMemoryError}. The JVM's option {@code ExitOnOutOfMemoryError} does the same. It cannot
 * be set while the JVM runs or in the manifest of a jar, and it does not end a process that only collects. An error is
 * noticed where it ends a thread, where it is logged, and by a {@link HeapWatch}.
 */
final class OutOfMemoryExit {

    /** The status of {@code ExitOnOutOfMemoryError}. */
    static final int STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(OutOfMemoryExit.class);
    private static final int MIB = 1 << 20;

    /** Made in advance, as are the stream and the method's code: at the end nothing can be allocated. */
    private final byte[] lastLine;

    private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);

    private OutOfMemoryExit(long maxBytes) {
        String line =
                "runnel: out of memory (the heap is at most " + maxBytes / MIB + " MiB); the process ends with status "
                        + STATUS + ". Give it more memory (-Xmx), or lower memory.heldBytes.\n";
        lastLine = line.getBytes(StandardCharsets.UTF_8);
    }

    /** From now on the process ends when it is out of memory. */
    static void install() {
        OutOfMemoryExit exit = new OutOfMemoryExit(Runtime.getRuntime().maxMemory());
        Thread.setDefaultUncaughtExceptionHandler(exit::uncaught);
        Logs.onOutOfMemory(exit::end);
        new HeapWatch(exit::end).start();
    }

    private void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            end();
        }
        LOG.error("thread {} ended by an exception", thread.getName(), thrown);
    }

    private void end() {
        try {
            standardError.write(lastLine);
        } catch (IOException | OutOfMemoryError e) {
            // The status alone has to do.
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
