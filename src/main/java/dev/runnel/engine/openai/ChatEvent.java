package dev.runnel.engine.openai;

import org.jspecify.annotations.Nullable;

/**
 * What one event of an upstream says. Written by {@link ChatEventParser}, read by {@link DeltaReader}, used again for the next
 * event. For one thread.
 */
final class ChatEvent {

    static final int ABSENT = -1;

    /** Where the text stands in the event's bytes, still escaped and without its quotes; {@link #ABSENT} without one. */
    int textFrom;

    int textEnd;

    /** Whether there is text that the model only thought. */
    boolean reasoning;

    @Nullable
    String finish;

    /** Tokens, or {@link #ABSENT} where the event does not tell them. */
    long promptTokens;

    long completionTokens;

    /** Whether it is an error. */
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

    /** Whether it says nothing but a text, so that the next event may look the same but for that text. */
    boolean isOnlyText() {
        return textFrom != ABSENT
                && !reasoning
                && finish == null
                && promptTokens == ABSENT
                && completionTokens == ABSENT
                && !error;
    }
}
