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
        public Future<Void> stop() {
            return Future.succeededFuture();
        }
    };

    /**
     * Starts the work, without blocking. Called once.
     *
     * @param isBusy whether generations of clients run; the work pauses meanwhile. Any thread.
     * @return completes when the work has ended, also after a failure
     */
    Future<Void> start(BooleanSupplier isBusy);

    /**
     * Ends the work early. Any thread; idempotent.
     *
     * @return completes when everything that the work has opened is closed
     */
    Future<Void> stop();
}
