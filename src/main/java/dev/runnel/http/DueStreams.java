package dev.runnel.http;

import dev.runnel.net.NettyConnection;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of one event loop that were given text which is not sent yet. They send it at the end of the loop's turn, one
 * behind the other, when all that there is to read has been read: each half of an event's way then finds its code in the
 * processor's caches, and a reader on this machine is woken less often. No timer is involved. For one event loop; holds a
 * stream once at most.
 */
final class DueStreams {

    private final Context context;
    private final List<SseStream> due = new ArrayList<>();

    private final Runnable endOfTurn = this::sendAll;

    /** @param context the event loop's */
    DueStreams(Context context) {
        this.context = context;
    }

    /** Has the stream send behind what else this turn brings. */
    void add(SseStream stream) {
        due.add(stream);
        if (due.size() == 1) {
            NettyConnection.atEndOfTurn(context, endOfTurn);
        }
    }

    private void sendAll() {
        // By index: what one of them does may make another one due.
        for (int at = 0; at < due.size(); at++) {
            due.get(at).sendDue();
        }
        due.clear();
    }
}
