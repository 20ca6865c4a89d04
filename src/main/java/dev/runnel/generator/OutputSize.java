package dev.runnel.generator;

import dev.runnel.message.Part;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Utf8;

/** How many bytes of text and parts a generation has sent, within their bounds. For one context. */
final class OutputSize {

    private final int maxTextBytes;
    private long textBytes;
    private long utf8Bytes;
    private long partBytes;

    /**
     * Of a generation that starts, or goes on.
     *
     * @param maxTextBytes of escaped text
     * @param before the text of earlier runs
     */
    OutputSize(int maxTextBytes, TextSoFar before) {
        EscapedText text = EscapedText.of(before.text());
        this.maxTextBytes = maxTextBytes;
        this.textBytes = text.escapedLength();
        this.utf8Bytes = text.utf8Length();
    }

    /** Adds a piece of text; returns whether there is room for it. */
    boolean add(EscapedText text) {
        textBytes += text.escapedLength();
        if (textBytes > maxTextBytes) {
            return false;
        }
        utf8Bytes += text.utf8Length();
        return true;
    }

    /** Adds what is not text; returns whether there is room for it. */
    boolean addPart(String json) {
        partBytes += Utf8.length(json);
        return partBytes <= Part.MAX_BYTES;
    }

    /** The length of the text, in bytes of UTF-8. */
    long utf8Bytes() {
        return utf8Bytes;
    }
}
