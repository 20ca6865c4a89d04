package dev.runnel.client;

import dev.runnel.message.SentText;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The messages of one generator or guardian to other nodes that are still in the memory of this process. A write is
 * open until the connection has accepted its bytes. For a node that does not read, the kernel accepts some megabytes
 * and then no more. Belongs to the sender's context.
 */
public final class OpenWrites {

    /** With so many open bytes to one inbox, text waits and is folded. */
    public static final int MAX_BYTES = 256 * 1024;

    private final OtherNodes nodes;
    private final Map<String, ToInbox> inboxes = new HashMap<>();

    /** @param nodes counts the open writes of all senders of this process */
    public OpenWrites(OtherNodes nodes) {
        this.nodes = nodes;
    }

    /** The writes to one inbox, for one more of its generations. */
    ToInbox to(String address) {
        ToInbox inbox = inboxes.computeIfAbsent(address, ToInbox::new);
        inbox.users++;
        return inbox;
    }

    /** The writes to one inbox, of all its generations that run here. */
    final class ToInbox {

        private final String address;
        private final Set<Runnable> waiting = new LinkedHashSet<>();
        private long bytes;
        private int users;

        private ToInbox(String address) {
            this.address = address;
        }

        boolean isFull() {
            return bytes >= MAX_BYTES;
        }

        /** The numbers of one more of its texts. */
        SentNumbers.Text text(String node, SentText sent) {
            return nodes.sent().open(node, address, sent);
        }

        /** A message of this size is written. */
        Future<Void> written(int size, Future<Void> write) {
            bytes += size;
            nodes.underWay(1, size);
            return write.onComplete(done -> accepted(size));
        }

        private void accepted(int size) {
            bytes -= size;
            nodes.underWay(-1, -size);
            while (!isFull() && !waiting.isEmpty()) {
                Iterator<Runnable> first = waiting.iterator();
                Runnable next = first.next();
                first.remove();
                next.run();
            }
            dropIfUnused();
        }

        /** Runs an action once it is not full. */
        void whenWritable(Runnable action) {
            waiting.add(action);
        }

        /** One generation fewer. */
        void leave(Runnable action) {
            waiting.remove(action);
            users--;
            dropIfUnused();
        }

        private void dropIfUnused() {
            if (users == 0 && bytes == 0) {
                inboxes.remove(address, this);
            }
        }
    }
}
