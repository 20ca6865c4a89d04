package dev.runnel.resume;

import dev.runnel.text.Turn;
import dev.runnel.text.Utf8;

/**
 * One turn of a conversation, with what it has besides its content.
 *
 * @param members calls of tools, or what makes it the answer to one: JSON text without the braces, in the form
 *     of {@code engine.Options}; empty for most turns
 */
public record KeptTurn(Turn turn, String members) {

    /** A turn that has its content alone. */
    public KeptTurn(Turn turn) {
        this(turn, "");
    }

    /** The length of all of it in UTF-8. */
    public long bytes() {
        return turn.utf8Length() + Utf8.length(members);
    }

    /** Omits the members: they hold the caller's text. */
    @Override
    public String toString() {
        return "KeptTurn[" + turn + ", " + members.length() + " chars]";
    }
}
