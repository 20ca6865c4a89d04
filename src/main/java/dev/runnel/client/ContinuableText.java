package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.text.TextSoFar;
import java.util.function.Supplier;

/**
 * The text of a generation on another node, as its client keeps it to go on elsewhere. If there is no room for it, it is
 * dropped, and the generation does not go on. Belongs to the client's context.
 */
final class ContinuableText {

    private final TextSoFarBuilder text = new TextSoFarBuilder();
    private final CopyAccount.Held memory;
    private long heldBytes;
    private boolean isDropped;

    /** @param memory of no bytes yet */
    ContinuableText(CopyAccount.Held memory) {
        this.memory = memory;
    }

    void append(Delta delta) {
        if (isDropped) {
            text.skip(delta.tokens());
        } else {
            text.append(delta);
            hold();
        }
    }

    /** The text of earlier runs. */
    void append(TextSoFar before) {
        text.append(before);
        hold();
    }

    private void hold() {
        if (text.capacity() == heldBytes) {
            return;
        }
        heldBytes = text.capacity();
        if (!memory.resize(heldBytes)) {
            drop();
        }
    }

    /** Whether there was no room for it. */
    boolean isDropped() {
        return isDropped;
    }

    /** One copy for all that use it, of the text at the first use. */
    Supplier<TextSoFar> copied() {
        return text.copied();
    }

    /** How many tokens were counted. */
    int tokens() {
        return text.tokens();
    }

    /** It is not needed any more. The count stays. */
    void drop() {
        isDropped = true;
        text.drop();
        memory.close();
    }
}
