package dev.runnel.message;

import java.util.List;

/**
 * What a generator keeps of a resumable generation whose guardian is gone.
 *
 * @param text so far
 * @param end its end, if it has ended; else empty
 */
public record KeptText(String text, List<Finished> end) {

    /** Copies the end. */
    public KeptText {
        end = List.copyOf(end);
    }

    /** Leaves the text out: generated text never reaches a log. */
    @Override
    public String toString() {
        return "KeptText[" + text.length() + " characters, " + end + "]";
    }
}
