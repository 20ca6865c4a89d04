package dev.runnel.engine.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tokenizes what callers write. llama.cpp finds some tokens, such as the marks of gpt-oss, in plain text too. Those
 * that a chat template writes could forge a turn, so each is cut into two texts.
 */
final class PlainText {

    private static final int LONGEST_MARK = 64;

    private final Vocabulary vocabulary;
    private final List<String> marks;

    private PlainText(Vocabulary vocabulary, List<String> marks) {
        this.vocabulary = vocabulary;
        this.marks = marks;
    }

    /** Without a template. */
    static PlainText of(Vocabulary vocabulary) {
        return new PlainText(vocabulary, List.of());
    }

    static PlainText of(Vocabulary vocabulary, ChatTemplate template) {
        Set<String> marks = new TreeSet<>();
        template.strings().forEach(text -> addMarks(text, marks));
        return new PlainText(
                vocabulary, marks.stream().filter(vocabulary::findsInPlainText).toList());
    }

    /** A mark of a template is between brackets, and has no white space. */
    private static void addMarks(String text, Set<String> marks) {
        for (int start = 0; start < text.length(); start++) {
            char open = text.charAt(start);
            if (open == '<' || open == '[') {
                int end = end(text, start, open == '<' ? '>' : ']');
                if (end > start + 1) {
                    marks.add(text.substring(start, end + 1));
                }
            }
        }
    }

    /** The place of the bracket that closes a mark; 0 without one. */
    private static int end(String text, int start, char close) {
        int limit = Math.min(text.length(), start + LONGEST_MARK);
        for (int at = start + 1; at < limit; at++) {
            char next = text.charAt(at);
            if (next == close) {
                return at;
            }
            if (next == text.charAt(start) || Character.isWhitespace(next)) {
                return 0;
            }
        }
        return 0;
    }

    /** The tokens of a text in which no mark counts. */
    int[] tokenize(String text) {
        int[] cuts = cuts(text);
        if (cuts.length == 0) {
            return vocabulary.tokenize(text, false);
        }
        List<int[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(vocabulary.tokenize(text.substring(from, cut), false));
            from = cut;
        }
        pieces.add(vocabulary.tokenize(text.substring(from), false));
        return pieces.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** After the first character of each mark, in order. */
    private int[] cuts(String text) {
        TreeSet<Integer> cuts = new TreeSet<>();
        for (String mark : marks) {
            for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
                cuts.add(at + 1);
            }
        }
        return cuts.stream().mapToInt(Integer::intValue).toArray();
    }
}
