package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Literals in a trie: those with a common prefix share it, so that a text follows one path.
 *
 * @param text what they have in common
 * @param ends whether one of them ends after it
 * @param next what follows it, each with another first code point
 */
record LiteralTrie(String text, boolean ends, List<LiteralTrie> next) {

    /** @param sorted different texts, as {@link String#compareTo} sorts them */
    static LiteralTrie of(List<String> sorted) {
        String first = sorted.get(0);
        String last = sorted.get(sorted.size() - 1);
        int common = 0;
        while (common < first.length() && common < last.length() && first.charAt(common) == last.charAt(common)) {
            common++;
        }
        if (common > 0 && Character.isHighSurrogate(first.charAt(common - 1))) {
            common--;
        }
        boolean ends = first.length() == common;
        return new LiteralTrie(first.substring(0, common), ends, next(sorted, ends ? 1 : 0, common));
    }

    private static List<LiteralTrie> next(List<String> sorted, int from, int common) {
        List<LiteralTrie> next = new ArrayList<>();
        int start = from;
        for (int i = from + 1; i <= sorted.size() && start < sorted.size(); i++) {
            if (i == sorted.size()
                    || sorted.get(i).codePointAt(common) != sorted.get(start).codePointAt(common)) {
                next.add(of(sorted.subList(start, i).stream()
                        .map(text -> text.substring(common))
                        .toList()));
                start = i;
            }
        }
        return next;
    }

    /** The largest number of ways from one place. */
    int width() {
        int widest = next.size() + 1;
        // Not a stream: each of up to 1000 levels would need the stack of a whole pipeline.
        for (LiteralTrie part : next) {
            widest = Math.max(widest, part.width());
        }
        return widest;
    }
}
