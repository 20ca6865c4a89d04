package dev.runnel.engine.openai;

import org.jspecify.annotations.Nullable;

/** Where a text of an event is: in the event's bytes, or in several parts that were joined. For one thread. */
final class TextPlace {

    private final BoundedBytes parts;

    int from;
    int end;
    private boolean joined;

    /** @param limit the most bytes of an event */
    TextPlace(int limit) {
        parts = new BoundedBytes(limit);
    }

    void clear() {
        at(ChatEvent.ABSENT, ChatEvent.ABSENT);
    }

    void at(int textFrom, int textEnd) {
        from = textFrom;
        end = textEnd;
        joined = false;
        parts.clear();
    }

    boolean hasText() {
        return from < end;
    }

    void join(byte[] bytes, TextPlace part) {
        parts.add(bytes, part.from, part.end);
        joined = true;
        from = 0;
        end = parts.length();
    }

    /** Of the joined parts; {@code null} if the text is in the event's bytes. */
    byte @Nullable [] bytes() {
        return joined ? parts.array() : null;
    }
}
