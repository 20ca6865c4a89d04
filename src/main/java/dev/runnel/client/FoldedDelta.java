package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Deltas of one generation that nobody has asked for yet, joined as they come: its memory is bounded by their text. */
final class FoldedDelta {

    private static final int FIRST_CAPACITY_BYTES = 256;
    private static final byte[] NOTHING = new byte[0];

    private @Nullable Delta last;
    private boolean single;
    private byte[] escaped = NOTHING;
    private int escapedLength;
    private int utf8Length;
    private int tokens;

    boolean isEmpty() {
        return last == null;
    }

    void add(Delta delta) {
        if (last == null) {
            single = true;
        } else {
            if (single) {
                append(last);
            }
            single = false;
            append(delta);
        }
        last = delta;
    }

    /** All of it as one delta under the last one's number; afterwards this is empty. */
    @Nullable
    Delta take() {
        Delta taken = last;
        if (taken != null && !single) {
            EscapedText text = EscapedText.restored(Arrays.copyOf(escaped, escapedLength), utf8Length);
            taken = new Delta(taken.generationId(), taken.sequence(), text, tokens);
        }
        clear();
        return taken;
    }

    void clear() {
        last = null;
        escaped = NOTHING;
        escapedLength = 0;
        utf8Length = 0;
        tokens = 0;
    }

    private void append(Delta delta) {
        int needed = escapedLength + delta.text().escapedLength();
        if (needed > escaped.length) {
            escaped = Arrays.copyOf(escaped, Math.max(FIRST_CAPACITY_BYTES, 2 * needed));
        }
        escapedLength = delta.text().copyTo(escaped, escapedLength);
        utf8Length += delta.text().utf8Length();
        tokens += delta.tokens();
    }
}
