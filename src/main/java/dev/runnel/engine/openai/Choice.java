package dev.runnel.engine.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of one choice of an event, until its index is known. For one thread. */
final class Choice {

    /** What a message has: a delta, or the message of a whole answer, which some servers use in place of a delta. */
    static final class Message {

        final TextPlace text;
        /** The reasoning, if it is one string in the event's bytes. */
        final TextPlace thought;
        /** Calls of tools. */
        List<ToolCall> calls = List.of();

        Message(int limit) {
            text = new TextPlace(limit);
            thought = new TextPlace(limit);
        }

        void clear() {
            text.clear();
            thought.clear();
            calls = List.of();
        }

        boolean hasParts() {
            return thought.hasText() || !calls.isEmpty();
        }
    }

    int index;
    final Message delta;
    final Message whole;
    /** Whether there is reasoning in any form. */
    boolean reasoning;

    @Nullable
    String finish;

    /** @param limit the most bytes of an event */
    Choice(int limit) {
        delta = new Message(limit);
        whole = new Message(limit);
    }

    void clear() {
        index = 0;
        delta.clear();
        whole.clear();
        reasoning = false;
        finish = null;
    }

    /** Moves it to an event. The members of a whole answer count where the delta has none. */
    void moveTo(ChatEvent event) {
        event.whole = !delta.text.hasText() && whole.text.hasText();
        TextPlace text = (event.whole ? whole : delta).text;
        event.textFrom = text.from;
        event.textEnd = text.end;
        event.textBytes = text.bytes();
        event.wholeParts = !delta.hasParts() && whole.hasParts();
        Message parts = event.wholeParts ? whole : delta;
        event.thoughtFrom = parts.thought.from;
        event.thoughtEnd = parts.thought.end;
        event.calls = parts.calls;
        event.reasoning = reasoning;
        event.finish = finish;
    }
}
