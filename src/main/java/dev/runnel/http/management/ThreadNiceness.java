package dev.runnel.http.management;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the priority of a thread below all others of this process. Java's own thread priorities have no effect on
 * Linux. There, each thread has a niceness of its own, which {@code setpriority(2)} sets.
 */
final class ThreadNiceness {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadNiceness.class);

    /** Under full load about a tenth of what another thread gets: a scrape still ends within its timeout. */
    private static final int INCREMENT = 10;
    /** The highest niceness. */
    private static final int MAX = 19;

    private ThreadNiceness() {}

    /** The C library. Its functions report a failure as an exception with {@code errno}. */
    private static final class CLibrary {

        /**
         * {@code PRIO_PROCESS}: on Linux one thread, and the calling one for the id 0 (setpriority(2), "C
         * library/kernel").
         */
        static final int THREAD = 0;

        static final int CALLER = 0;

        static {
            Native.register(CLibrary.class, Platform.C_LIBRARY_NAME);
        }

        private CLibrary() {}

        static native int getpriority(int which, int who) throws LastErrorException;

        static native int setpriority(int which, int who, int niceness) throws LastErrorException;
    }

    /** Lowers the priority of the calling thread. On other systems, and after a failure, nothing changes. */
    static void lowerThisThread() {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            int before = CLibrary.getpriority(CLibrary.THREAD, CLibrary.CALLER);
            CLibrary.setpriority(CLibrary.THREAD, CLibrary.CALLER, Math.min(MAX, before + INCREMENT));
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("scrapes have the same priority as all other threads: {}", e.toString());
        }
    }
}
