package dev.runnel.engine.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one event of an upstream. {@link ChatEventParser} writes it, {@link DeltaReader} reads it, and the
 * next event reuses it. For one thread.
 */
final class ChatEvent {

    static final int ABSENT = -1;

    /** The index of the text in its bytes, escaped and without its quotes; {@link #ABSENT} without a text. */
    int textFrom;

    int textEnd;

    /** The text's own bytes, where the event has it in several parts; {@code null} if it is in the event's bytes. */
    byte @Nullable [] textBytes;

    /** Whether the text is in a member of whole answers, not of deltas. */
    boolean whole;

    /** Whether there is reasoning. */
    boolean reasoning;

    /** The index of the reasoning in the event's bytes, as that of a text; {@link #ABSENT} without a string of it. */
    int thoughtFrom;

    int thoughtEnd;

    /** Calls of tools. */
    List<ToolCall> calls = List.of();

    /** Whether reasoning and calls are in a member of whole answers. */
    boolean wholeParts;

    @Nullable
    String finish;

    /** Tokens, or {@link #ABSENT} if the event has no count. */
    long promptTokens;

    long completionTokens;

    /** Whether the event is an error. */
    boolean error;

    ChatEvent() {
        clear();
    }

    void clear() {
        textFrom = ABSENT;
        textEnd = ABSENT;
        textBytes = null;
        whole = false;
        reasoning = false;
        thoughtFrom = ABSENT;
        thoughtEnd = ABSENT;
        calls = List.of();
        wholeParts = false;
        finish = null;
        promptTokens = ABSENT;
        completionTokens = ABSENT;
        error = false;
    }

    /** Whether it has nothing but a text. Then the next event may differ only in that text. */
    boolean isOnlyText() {
        return textFrom != ABSENT
                && textBytes == null
                && !whole
                && !reasoning
                && calls.isEmpty()
                && finish == null
                && promptTokens == ABSENT
                && completionTokens == ABSENT
                && !error;
    }
}
