package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import java.util.Arrays;

/** The text of a generation that may have to go on elsewhere, with the ids of its tokens. Grows with the text. */
final class SaidSoFar {

    private static final int FIRST_BYTES = 256;
    private static final int FIRST_IDS = 64;

    private byte[] escaped = new byte[0];
    private int escapedLength;
    private int utf8Length;
    private int[] ids = new int[0];
    private int idCount;
    private int tokens;

    void append(Delta delta) {
        escaped = grown(escaped, escapedLength + delta.text().escapedLength());
        escapedLength = delta.text().copyTo(escaped, escapedLength);
        utf8Length += delta.text().utf8Length();
        tokens += delta.tokens();
        TokenIds more = delta.tokenIds();
        if (!more.isEmpty()) {
            ids = grown(ids, idCount + more.size());
            idCount = more.copyTo(ids, idCount);
        }
    }

    private static byte[] grown(byte[] bytes, int needed) {
        return needed <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(FIRST_BYTES, 2 * needed));
    }

    private static int[] grown(int[] numbers, int needed) {
        return needed <= numbers.length ? numbers : Arrays.copyOf(numbers, Math.max(FIRST_IDS, 2 * needed));
    }

    /** All of it, copied. */
    TextSoFar snapshot() {
        EscapedText text = EscapedText.restored(Arrays.copyOf(escaped, escapedLength), utf8Length);
        return new TextSoFar(text.toString(), TokenIds.of(ids, idCount), tokens);
    }

    /** How many tokens were counted. */
    int tokens() {
        return tokens;
    }

    /** Drops the text. The count stays. */
    void drop() {
        escaped = new byte[0];
        escapedLength = 0;
        utf8Length = 0;
        ids = new int[0];
        idCount = 0;
    }
}
