package dev.runnel.http.stream;

import dev.runnel.net.NettyConnection;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The streams of one event loop that were given text which is not sent yet. They send it at the end of the loop's turn, one
 * behind the other, when all that there is to read has been read: each half of an event's way then finds its code in the
 * processor's caches, and a reader on this machine is woken less often. No timer is involved. For one event loop; holds a
 * stream once at most.
 */
public final class FlushQueue {

    private final Context context;
    private final Queue<SseStream> due = new ArrayDeque<>();
    private final Runnable endOfTurn = this::sendAll;
    private boolean awaitsEndOfTurn;

    /** @param context the event loop's */
    public FlushQueue(Context context) {
        this.context = context;
    }

    /** Has the stream send behind what else this turn brings. */
    void add(SseStream stream) {
        due.add(stream);
        if (!awaitsEndOfTurn) {
            awaitsEndOfTurn = true;
            NettyConnection.atEndOfTurn(context, endOfTurn);
        }
    }

    private void sendAll() {
        // First, so that whoever comes next goes on with those behind one that throws.
        awaitsEndOfTurn = false;
        SseStream next;
        while ((next = due.poll()) != null) {
            next.sendDue();
        }
    }
}
