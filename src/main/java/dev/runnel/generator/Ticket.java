package dev.runnel.generator;

import io.vertx.core.Context;

/** One generation at a model: it waits in the queue, then has a place to run, then has left. */
final class Ticket {

    enum Phase {
        WAITING,
        HOLDING,
        LEFT
    }

    private final String keyId;
    private final int cells;
    private final Context context;
    private final Runnable called;

    /** Read and written by the queue only, under its lock. */
    Phase phase = Phase.WAITING;

    /**
     * A request for a place.
     *
     * @param keyId the caller's key
     * @param cells how many of the model's cells it needs
     * @param context where {@code called} runs once there is a place, if it had to wait
     */
    Ticket(String keyId, int cells, Context context, Runnable called) {
        this.keyId = keyId;
        this.cells = cells;
        this.context = context;
        this.called = called;
    }

    String keyId() {
        return keyId;
    }

    int cells() {
        return cells;
    }

    /** Notifies the generation, on its own context, that it has a place now. */
    void call() {
        context.runOnContext(now -> called.run());
    }
}
