package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Literals by their common beginnings, so that a text has one way through them.
 *
 * @param text what they have in common
 * @param ends whether one of them ends after it
 * @param next what follows it, each with another first code point
 */
record LiteralTree(String text, boolean ends, List<LiteralTree> next) {

    /** @param sorted different texts, as {@link String#compareTo} sorts them */
    static LiteralTree of(List<String> sorted) {
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
        return new LiteralTree(first.substring(0, common), ends, next(sorted, ends ? 1 : 0, common));
    }

    private static List<LiteralTree> next(List<String> sorted, int from, int common) {
        List<LiteralTree> next = new ArrayList<>();
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
        return Math.max(
                next.size() + 1,
                next.stream().mapToInt(LiteralTree::width).max().orElse(1));
    }
}
