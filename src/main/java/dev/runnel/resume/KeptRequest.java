package dev.runnel.resume;

import dev.runnel.text.Utf8;
import java.util.List;

/**
 * What is kept of a request as long as its text is: what an answer repeats of it, and what a later request continues.
 *
 * @param members members of an answer, as JSON text without the braces; empty where nothing is kept
 * @param turns the conversation that a later request continues
 */
public record KeptRequest(String members, List<KeptTurn> turns) {

    /** Of a request of which nothing is kept. */
    public static final KeptRequest NONE = new KeptRequest("", List.of());

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
        for (KeptTurn turn : turns) {
            bytes += turn.bytes();
        }
        return bytes;
    }

    /** The length of the members in UTF-8. */
    public long membersBytes() {
        return Utf8.length(members);
    }

    /** Omits the contents: they never reach a log. */
    @Override
    public String toString() {
        return "KeptRequest[" + turns.size() + " turns, " + bytes() + " bytes]";
    }
}
