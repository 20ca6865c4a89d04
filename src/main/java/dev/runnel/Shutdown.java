package dev.runnel;

import dev.runnel.log.Logs;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the service when the process is told to end. */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long LIMIT_SECONDS = 20;

    private Shutdown() {}

    /** One hook: what must be closed in order cannot be left to several, which the JVM runs at once. */
    static void closeOnSignal(Runnel runnel) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(runnel), "runnel-shutdown"));
    }

    /** A JVM that ends by a signal exits with 143 whatever its hooks do: the status is set by the halt. */
    private static void close(Runnel runnel) {
        LOG.info("stopping");
        int status = hasClosed(runnel.close()) ? 0 : 1;
        Logs.flush();
        Runtime.getRuntime().halt(status);
    }

    private static boolean hasClosed(Future<Void> closing) {
        try {
            closing.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            LOG.info("stopped");
            return true;
        } catch (TimeoutException e) {
            LOG.error("not everything stopped within {} s", LIMIT_SECONDS);
            return false;
        } catch (RuntimeException e) {
            LOG.error("stopping failed", e);
            return false;
        }
    }
}
