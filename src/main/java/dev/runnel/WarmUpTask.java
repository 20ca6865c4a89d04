package dev.runnel;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/** Work that prepares the JVM while the models open. The service is not ready before it has ended. */
public interface WarmUpTask {

    /** No work. */
    WarmUpTask NONE = new WarmUpTask() {
        @Override
        public Future<Void> start(BooleanSupplier isBusy) {
            return Future.succeededFuture();
        }

        @Override
        public Progress progress() {
            return new Progress(0, 0);
        }

        @Override
        public Future<Void> stop() {
            return Future.succeededFuture();
        }
    };

    /**
     * How far the work is.
     *
     * @param streams how many streams it has run, 0 or more
     * @param enough how many streams end it; 0 for no work
     */
    record Progress(int streams, int enough) {}

    /**
     * Starts the work, without blocking. Called once.
     *
     * @param isBusy whether generations of clients run; the work pauses meanwhile. Any thread.
     * @return completes when the work has ended, also after a failure
     */
    Future<Void> start(BooleanSupplier isBusy);

    /** How far the work is now. Any thread. */
    Progress progress();

    /**
     * Ends the work early. Any thread; idempotent.
     *
     * @return completes when everything that the work has opened is closed
     */
    Future<Void> stop();
}
