package dev.runnel.engine.openai;

import org.jspecify.annotations.Nullable;

/**
 * The content of one event of an upstream. {@link ChatEventParser} writes it, {@link DeltaReader} reads it, and the
 * next event reuses it. For one thread.
 */
final class ChatEvent {

    static final int ABSENT = -1;

    /** The index of the text in the event's bytes, escaped and without its quotes; {@link #ABSENT} without a text. */
    int textFrom;

    int textEnd;

    /** Whether there is reasoning. */
    boolean reasoning;

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
        reasoning = false;
        finish = null;
        promptTokens = ABSENT;
        completionTokens = ABSENT;
        error = false;
    }

    boolean hasUsage() {
        return promptTokens >= 0 && completionTokens >= 0;
    }

    /** Whether it has nothing but a text. Then the next event may differ only in that text. */
    boolean isOnlyText() {
        return textFrom != ABSENT
                && !reasoning
                && finish == null
                && promptTokens == ABSENT
                && completionTokens == ABSENT
                && !error;
    }
}
