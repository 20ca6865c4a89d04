package dev.runnel.resume;

import dev.runnel.text.Turn;
import java.util.List;

/**
 * What is kept of a request as long as its text is: what an answer repeats of it, and what a later request continues.
 *
 * @param createdSeconds when it was accepted, in seconds since 1970
 * @param members members of an answer, as JSON text without the braces; empty where nothing is kept
 * @param turns the conversation that a later request continues
 */
public record KeptRequest(long createdSeconds, String members, List<Turn> turns) {

    /** Of a request of which nothing is kept. */
    public static final KeptRequest NONE = new KeptRequest(0, "", List.of());

    /** Copies the turns. */
    public KeptRequest {
        turns = List.copyOf(turns);
    }

    /** Whether anything is kept. Then the ends of the text's pieces are kept too. */
    public boolean isKept() {
        return !members.isEmpty();
    }

    /** The length of all of it in UTF-8. */
    public long bytes() {
        long bytes = membersBytes();
        for (Turn turn : turns) {
            bytes += turn.utf8Length();
        }
        return bytes;
    }

    /** The length of the members in UTF-8. */
    public long membersBytes() {
        return Turn.user(members).utf8Length();
    }

    /** Omits the contents: they never reach a log. */
    @Override
    public String toString() {
        return "KeptRequest[" + createdSeconds + ", " + turns.size() + " turns, " + bytes() + " bytes]";
    }
}
