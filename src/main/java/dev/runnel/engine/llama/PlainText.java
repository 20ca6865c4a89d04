package dev.runnel.engine.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tokenizes what callers write. llama.cpp finds some tokens, such as the marks of gpt-oss, in plain text too. Those
 * that a chat template writes could forge a turn, so each is cut into two texts.
 */
final class PlainText {

    /** What a mark of a template looks like: no white space, between brackets. */
    private static final Pattern MARK = Pattern.compile("<[^<>\\s]{1,62}>|\\[[^\\[\\]\\s]{1,62}\\]");

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
        return new PlainText(
                vocabulary,
                template.written(MARK).stream()
                        .filter(vocabulary::findsInPlainText)
                        .sorted()
                        .toList());
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
