package dev.runnel.http.stream;

import dev.runnel.net.NettyConnection;
import dev.runnel.net.OnContext;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The streams of one event loop whose writes wait for the end of the loop's turn. By then all input of the turn has
 * been read, and the writes run one after another. Each half of an event's way then finds its code in the processor's
 * caches, and a reader on this machine is woken less often. No timer is involved. For one event loop.
 */
public final class FlushQueue {

    /** A stream with writes that wait. */
    interface Waiting {

        /** Writes what waits. Called once for each {@link FlushQueue#add}. */
        void flush();
    }

    private final Context context;
    private final Queue<Waiting> due = new ArrayDeque<>();

    private final Runnable endOfTurn = this::flushAll;
    private boolean awaitsEndOfTurn;

    /** @param context the event loop's */
    public FlushQueue(Context context) {
        this.context = context;
    }

    /** Flushes a stream at the end of this turn. It must not be added again before that. */
    void add(Waiting stream) {
        assert OnContext.checkLoop(context);
        due.add(stream);
        if (!awaitsEndOfTurn) {
            awaitEndOfTurn();
        }
    }

    private void awaitEndOfTurn() {
        awaitsEndOfTurn = true;
        NettyConnection.atEndOfTurn(context, endOfTurn);
    }

    private void flushAll() {
        awaitsEndOfTurn = false;
        try {
            Waiting next;
            while ((next = due.poll()) != null) {
                next.flush();
            }
        } finally {
            // One that throws is a bug, and the others are flushed in the next turn.
            if (!due.isEmpty() && !awaitsEndOfTurn) {
                awaitEndOfTurn();
            }
        }
    }
}
