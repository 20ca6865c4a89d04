package dev.runnel.text;

/**
 * A part of an answer that is not text, and its place in the text: the text before it arrived before it.
 *
 * @param json the value of the member of this kind, one line
 * @param escapedPlace how much of the escaped text precedes it, in bytes
 * @param utf8Place the same in bytes of UTF-8 before escaping
 * @param pieces how many pieces of the text precede it; 0 where a shared text does not keep its pieces
 */
public record PlacedPart(PartKind kind, String json, long escapedPlace, long utf8Place, int pieces) {

    /** Leaves the value out: what a model generates never reaches a log. */
    @Override
    public String toString() {
        return "PlacedPart[" + kind + ", " + json.length() + " chars at " + utf8Place + "]";
    }
}
