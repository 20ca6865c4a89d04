package dev.runnel.http.responses;

import dev.runnel.text.EscapedText;
import org.jspecify.annotations.Nullable;

/** Texts of JSON on one line, as events need them. */
final class JsonText {

    private JsonText() {}

    /** A string of JSON, escaped like generated text. */
    static String quoted(String text) {
        return '"' + EscapedText.of(text).escapedString() + '"';
    }

    static String quotedOrNull(@Nullable String text) {
        return text == null ? "null" : quoted(text);
    }
}
