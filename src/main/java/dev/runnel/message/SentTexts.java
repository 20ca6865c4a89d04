package dev.runnel.message;

import java.util.List;

/**
 * How far texts were sent to one inbox.
 *
 * @param inbox the address of the inbox
 * @param texts of generations that have sent nothing for a second
 */
public record SentTexts(String inbox, List<SentText> texts) {

    /** Copies the list. */
    public SentTexts {
        texts = List.copyOf(texts);
    }
}
