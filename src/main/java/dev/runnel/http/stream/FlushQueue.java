package dev.runnel.http.stream;

import dev.runnel.net.NettyConnection;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Writes of one event loop's streams that wait for the end of the loop's turn. By then all input of the turn has been
 * read, and the writes run one after another. Each half of an event's way then finds its code in the processor's
 * caches, and a reader on this machine is woken less often. No timer is involved. For one event loop.
 */
public final class FlushQueue {

    private final Context context;
    private final Queue<Runnable> writes = new ArrayDeque<>();
    private final Runnable endOfTurn = this::runAll;
    private boolean awaitsEndOfTurn;

    /** @param context the event loop's */
    public FlushQueue(Context context) {
        this.context = context;
    }

    /** Runs a write at the end of this turn. An owner must not add it again before it has run. */
    void add(Runnable write) {
        writes.add(write);
        if (!awaitsEndOfTurn) {
            awaitsEndOfTurn = true;
            NettyConnection.atEndOfTurn(context, endOfTurn);
        }
    }

    private void runAll() {
        // First, so that a later add() starts a new turn even if a write throws; that turn runs the rest too.
        awaitsEndOfTurn = false;
        Runnable next;
        while ((next = writes.poll()) != null) {
            next.run();
        }
    }
}
