package dev.runnel.resume;

import dev.runnel.client.Inbox;
import dev.runnel.message.Attach;
import dev.runnel.message.Delta;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Part;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;

/**
 * The readers of one generation at one other client, which gets each message once. Belongs to the guardian's context.
 */
final class InboxReaders {

    private final Inbox inbox;
    private final String node;
    private final Set<Long> readers = new HashSet<>();
    /** Those that read the text as it is now: they do not count. */
    private final Set<Long> looks = new HashSet<>();

    private long nextSequence = 1;

    /** @param node of the client; empty in this process */
    InboxReaders(Inbox inbox, String node) {
        this.inbox = inbox;
        this.node = node;
    }

    void add(Attach reader) {
        (reader.isLook() ? looks : readers).add(reader.reader());
    }

    /** One has left; returns whether it counted as a reader. */
    boolean remove(long number) {
        looks.remove(number);
        return readers.remove(number);
    }

    boolean isEmpty() {
        return readers.isEmpty() && looks.isEmpty();
    }

    /** How many there are, without those that only look. */
    int count() {
        return readers.size();
    }

    boolean isOn(String other) {
        return node.equals(other);
    }

    /** In this process the readers share the text. */
    boolean needsText() {
        return !node.isEmpty();
    }

    /** Whether nothing was sent to it. */
    boolean isNew() {
        return nextSequence == 1;
    }

    /** The number of its next message. */
    long nextSequence() {
        return nextSequence;
    }

    /** The same part with the next number of this inbox. */
    Part numbered(Part part) {
        return new Part(part.generationId(), nextSequence++, part.kind(), part.json(), part.tokens());
    }

    /** The same text with the next number of this inbox. */
    Delta numbered(Delta delta) {
        return new Delta(delta.generationId(), nextSequence++, delta.text(), delta.tokens());
    }

    Future<Void> send(InboxMessage message) {
        return inbox.send(message);
    }
}
