package dev.runnel.resume;

import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.SentText;
import dev.runnel.text.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The copies of texts whose guardians are on other nodes. Belongs to the context of a {@link Guardian}. */
final class TextCopies {

    private final HeldBytes memory;
    private final Map<String, TextCopy> byId = new HashMap<>();
    private long lastCopy;

    /** @param memory the account of the texts */
    TextCopies(HeldBytes memory) {
        this.memory = memory;
    }

    /** The copy of a generation's text, for one more reader. {@link #leave} must follow. */
    TextCopy use(KeptGeneration kept) {
        TextCopy copy = byId.compute(
                kept.id(), (id, known) -> known != null && known.isOf(kept.node()) ? known : newCopy(kept));
        copy.use();
        return copy;
    }

    private TextCopy newCopy(KeptGeneration kept) {
        String owner = kept.facts().owner();
        return new TextCopy(++lastCopy, kept, new Holding(memory, HeldBytes.Kind.TEXTS, owner, kept));
    }

    /** A reader has left, or was not attached. */
    void leave(TextCopy copy, Attachment reader) {
        if (copy.leave(reader)) {
            byId.remove(copy.kept().id(), copy);
        }
    }

    /** Returns whether the message is of a generation with a copy here. */
    boolean receive(InboxMessage message) {
        TextCopy copy = byId.get(message.generationId());
        if (copy == null) {
            return false;
        }
        copy.receive(message);
        return true;
    }

    /** A guardian has sent so much of a text. */
    void compare(SentText sent) {
        TextCopy copy = byId.get(sent.generationId());
        if (copy != null) {
            copy.compare(sent);
        }
    }

    /** A node is gone, and the texts that it keeps are lost. */
    void nodeGone(String node) {
        List.copyOf(byId.values()).stream().filter(copy -> copy.isOf(node)).forEach(TextCopy::guardianGone);
    }

    /** Ends the readers of the texts that a node keeps. */
    void end(String node, Failure why) {
        List.copyOf(byId.values()).stream().filter(copy -> copy.isOf(node)).forEach(copy -> copy.end(why));
    }

    /** Ends all readers; returns how many texts had no end before. */
    int end(Failure why) {
        return (int) List.copyOf(byId.values()).stream()
                .filter(copy -> copy.end(why))
                .count();
    }

    /** No reader can be served any more. */
    void close() {
        byId.values().forEach(TextCopy::close);
        byId.clear();
    }
}
