package dev.runnel.engine.llama;

import dev.runnel.text.TokenIds;
import java.util.Arrays;

/** The ids of the tokens whose text was not released completely. Engine thread only. */
final class OpenTokens {

    private boolean areWanted;
    private int[] ids;
    private int count;

    /** @param areWanted whether any id is of use */
    OpenTokens(boolean areWanted) {
        this.areWanted = areWanted;
        this.ids = new int[areWanted ? 4 : 0];
    }

    boolean areWanted() {
        return areWanted;
    }

    /** Keeps none from now on: not all tokens add to the text. */
    void forget() {
        areWanted = false;
        count = 0;
    }

    void add(int token) {
        if (!areWanted) {
            return;
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = token;
    }

    /**
     * Removes the ids of complete tokens.
     *
     * @param allReleased whether the whole text of all tokens was released; else none is complete
     */
    TokenIds complete(boolean allReleased) {
        if (!allReleased) {
            return TokenIds.NONE;
        }
        TokenIds complete = TokenIds.of(ids, count);
        count = 0;
        return complete;
    }
}
