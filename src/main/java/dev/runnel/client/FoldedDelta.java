package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TokenIds;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Deltas of one generation that were not requested yet, joined as they arrive. Their text bounds the memory. */
final class FoldedDelta {

    private static final int FIRST_CAPACITY_BYTES = 256;
    private static final byte[] NO_BYTES = new byte[0];

    private @Nullable Delta last;
    private boolean single;
    private byte[] escaped = NO_BYTES;
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

    /** Removes all of it as one delta with the last one's number; {@code null} if there is nothing. */
    @Nullable
    Delta poll() {
        Delta folded = last;
        if (folded != null && !single) {
            EscapedText text = EscapedText.restored(Arrays.copyOf(escaped, escapedLength), utf8Length);
            folded = new Delta(folded.generationId(), folded.sequence(), text, tokens, folded.epoch(), TokenIds.NONE);
        }
        clear();
        return folded;
    }

    void clear() {
        last = null;
        escaped = NO_BYTES;
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
