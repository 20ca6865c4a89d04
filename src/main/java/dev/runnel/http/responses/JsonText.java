package dev.runnel.http.responses;

import dev.runnel.text.EscapedText;
import org.jspecify.annotations.Nullable;

/** Texts of JSON on one line, as events need them. */
final class JsonText {

    private JsonText() {}

    /** A string of JSON, or {@code null}. */
    static String quotedOrNull(@Nullable String text) {
        return text == null ? "null" : EscapedText.of(text).json();
    }
}
