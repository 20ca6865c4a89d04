package dev.runnel.generator;

import io.vertx.core.Context;

/** One generation's stay at a model: in the queue, then on a place, then gone. */
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

    /** Read and changed by the queue, under its lock. */
    Phase phase = Phase.WAITING;

    /**
     * A wish for a place.
     *
     * @param keyId the key of who asks
     * @param cells what it will take of the model's cells
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

    /** Tells, on the context of who waited, that it has a place now. */
    void call() {
        context.runOnContext(now -> called.run());
    }
}
