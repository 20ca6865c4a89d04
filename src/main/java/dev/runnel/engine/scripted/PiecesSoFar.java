package dev.runnel.engine.scripted;

import dev.runnel.text.TextSoFar;
import java.util.List;
import java.util.Optional;

/**
 * How far a script is after a text.
 *
 * @param count the pieces that are whole in the text
 * @param sent how many pieces were counted with the text. Those above {@code count} are sent again, and are not counted
 *     again
 * @param more how many characters of the next piece are in the text; the rest of it was held back
 */
record PiecesSoFar(int count, int sent, int more) {

    /**
     * Finds the place of a text in a script, which starts again at its end.
     *
     * @return empty if it is not a text of the script
     */
    static Optional<PiecesSoFar> of(TextSoFar before, List<String> pieces) {
        String text = before.text();
        int at = 0;
        int count = 0;
        while (count < before.tokens() && !pieces.isEmpty() && text.startsWith(piece(pieces, count), at)) {
            at += piece(pieces, count).length();
            count++;
        }
        String rest = text.substring(at);
        boolean isOfScript =
                rest.isEmpty() || (!pieces.isEmpty() && piece(pieces, count).startsWith(rest));
        return isOfScript ? Optional.of(new PiecesSoFar(count, before.tokens(), rest.length())) : Optional.empty();
    }

    private static String piece(List<String> pieces, int index) {
        return pieces.get(index % pieces.size());
    }
}
