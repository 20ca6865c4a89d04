package dev.runnel.client;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The text of a generation that may have to go on elsewhere, with the ids of its tokens. Grows with the text. For one
 * thread at a time.
 */
public final class TextSoFarBuilder {

    private static final int FIRST_BYTES = 256;
    private static final int FIRST_IDS = 64;

    private byte[] escaped = new byte[0];
    private int escapedLength;
    private int utf8Length;
    private int[] ids = new int[0];
    private int idCount;
    private int tokens;

    /**
     * Adds a piece.
     *
     * @param delta the generation's next
     */
    public void append(Delta delta) {
        append(delta.text(), delta.tokenIds(), delta.tokens());
    }

    /**
     * Adds the text of earlier runs.
     *
     * @param before comes before all pieces
     */
    public void append(TextSoFar before) {
        append(EscapedText.of(before.text()), before.tokenIds(), before.tokens());
    }

    private void append(EscapedText text, TokenIds more, int count) {
        escaped = grown(escaped, escapedLength + text.escapedLength());
        escapedLength = text.copyTo(escaped, escapedLength);
        utf8Length += text.utf8Length();
        tokens += count;
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

    /**
     * The memory of the text and the ids.
     *
     * @return in bytes
     */
    public long capacity() {
        return escaped.length + (long) Integer.BYTES * ids.length;
    }

    /**
     * All of it.
     *
     * @return a copy
     */
    public TextSoFar snapshot() {
        EscapedText text = EscapedText.restored(Arrays.copyOf(escaped, escapedLength), utf8Length);
        return new TextSoFar(text.toString(), TokenIds.of(ids, idCount), tokens);
    }

    /** One copy for all that use it, of the text at the first use. */
    Supplier<TextSoFar> copied() {
        return new Supplier<>() {

            private @Nullable TextSoFar copy;

            @Override
            public TextSoFar get() {
                TextSoFar made = copy;
                if (made == null) {
                    made = snapshot();
                    copy = made;
                }
                return made;
            }
        };
    }

    /** How many tokens were counted. */
    int tokens() {
        return tokens;
    }

    /** Counts the tokens of text that is not kept. */
    void skip(int more) {
        tokens += more;
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
