package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;

/**
 * A part of an answer that is not text, and the text that arrived before it, after the part before.
 *
 * @param text before the part, perhaps empty
 * @param tokensBefore how many deltas with text had arrived in all
 * @param json the value of the member of this kind, on one line
 * @param tokens how many deltas without text the part is from
 */
record PartAfterText(EscapedText text, int tokensBefore, PartKind kind, String json, int tokens) {

    /** This part and the next one, both strings of the same kind with no text between them. */
    PartAfterText joined(PartAfterText next) {
        String whole = json.substring(0, json.length() - 1) + next.json.substring(1);
        return new PartAfterText(text, tokensBefore, kind, whole, tokens + next.tokens);
    }
}
