package dev.runnel.generator;

import io.vertx.core.Context;
import java.util.function.IntConsumer;

/** One generation at a model: it waits in the queue, then has a place to run, then has left. */
final class Ticket {

    enum Phase {
        WAITING,
        HOLDING,
        LEFT
    }

    private final KeyShare key;
    private final int cells;
    private final Context context;
    private final Runnable called;
    private final IntConsumer displaced;

    /** Read and written by the queue only, under its lock. */
    Phase phase = Phase.WAITING;

    /** Its number in the queue, under the queue's lock; 0 if it did not have to wait. */
    long arrival;

    /**
     * A request for a place.
     *
     * @param key the caller's key
     * @param cells how many of the model's cells it needs
     * @param context where {@code called} runs once there is a place, if it had to wait
     * @param displaced runs on the context if another key's ticket gets its place to wait, with the seconds, 1 … 60,
     *     after which another try makes sense
     */
    Ticket(KeyShare key, int cells, Context context, Runnable called, IntConsumer displaced) {
        this.key = key;
        this.cells = cells;
        this.context = context;
        this.called = called;
        this.displaced = displaced;
    }

    KeyShare key() {
        return key;
    }

    String keyId() {
        return key.keyId();
    }

    int cells() {
        return cells;
    }

    /** Notifies the generation, on its own context, that it has a place now. */
    void call() {
        context.runOnContext(now -> called.run());
    }

    /** Notifies the generation, on its own context, that it has lost its place to wait. */
    void displace(int retryAfterSeconds) {
        context.runOnContext(now -> displaced.accept(retryAfterSeconds));
    }
}
