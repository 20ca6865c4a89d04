package dev.runnel.shape;

import dev.runnel.shape.JavaText.Kind;
import dev.runnel.shape.JavaText.Piece;
import dev.runnel.shape.Violation.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds words that the project does not use, and long sentences. Code inside of prose is not looked at. Every step
 * keeps the length of the text and its lines, so that a place in the result is the place in the file.
 */
final class Prose {

    static final int SENTENCE_WORDS = 25;

    private static final Pattern BANNED = Pattern.compile(
            "\\b(?:told|tells?|telling|whom?ever|nobody|anybody|somebody|is\\s+none|behind)\\b",
            Pattern.CASE_INSENSITIVE);

    /** "Behind" is a place in a network. What comes later comes after. "Tell me" is an example of a prompt. */
    private static final Pattern ALLOWED = Pattern.compile(
            "\\btell\\s+me\\b"
                    + "|\\b(?:prox(?:y|ies)|servers?)\\s+behind\\b"
                    + "|\\bbehind\\s+(?:(?:an?|the|its|another)\\s+)?(?:[\\w-]+\\s+)?"
                    + "(?:prox(?:y|ies)|(?:load\\s+)?balancers?|gateways?|ingress|firewalls?|nginx)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*+\"");
    private static final Pattern STAR = Pattern.compile("(?m)^[ \\t]*\\*(?!/)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\[nrtbfs\\n]");
    private static final Pattern INLINE_CODE = Pattern.compile(
            "\\{@(?:code|link|linkplain|literal|value|snippet|systemProperty)\\b(?:[^{}]|\\{[^{}]*})*}");
    private static final Pattern HTML_CODE = Pattern.compile("(?s)<(pre|code)\\b.*?</\\1>");
    private static final Pattern MARKDOWN_CODE = Pattern.compile("(?ms)^```.*?^```|^(?: {4}|\\t)[^\\n]*|`[^`]*`");

    private static final String BLOCK_TAG = "^\\s*@(?:param\\s+\\S+|throws\\s+\\S+|exception\\s+\\S+|\\w+)";
    private static final String BLOCK_ELEMENT = "</?(?:p|li|ul|ol|dl|dt|dd|table|tr|td|th|caption|pre|h\\d)\\b[^>]*>";
    private static final Pattern BLOCK = Pattern.compile("(?m)" + BLOCK_TAG + "|" + BLOCK_ELEMENT);
    private static final Pattern INLINE_ELEMENT = Pattern.compile("</?\\w+[^>]*>");
    private static final Pattern SENTENCE =
            Pattern.compile("(?s)(?:(?!(?<!\\be\\.g)(?<!\\bi\\.e)[.!?][)\"”]*(?:\\s|$)|\\x00).)+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]\\S*");

    private Prose() {}

    /** The banned words in the comments and string literals of a Java file. */
    static List<Violation> wordsOfJava(SourceFile file) {
        return file.pieces().stream()
                .filter(piece -> piece.kind() != Kind.CODE)
                .flatMap(piece -> words(file.path(), piece.line(), prose(piece)))
                .toList();
    }

    /** The banned words in the comments of a Java file. */
    static List<Violation> wordsOfComments(SourceFile file) {
        return file.pieces().stream()
                .filter(piece -> piece.kind() != Kind.CODE && piece.kind() != Kind.STRING)
                .flatMap(piece -> words(file.path(), piece.line(), prose(piece)))
                .toList();
    }

    private static String prose(Piece piece) {
        if (piece.kind() == Kind.STRING) {
            return blank(ESCAPE, piece.text());
        }
        String text = piece.text().replace("//", "  ");
        return blank(HTML_CODE, blank(INLINE_CODE, blank(STAR, text)));
    }

    /** The banned words in the comments of a YAML file. */
    static List<Violation> wordsOfYaml(SourceFile file) {
        String comments = Pattern.compile("(?m)^.*$")
                .matcher(file.text())
                .replaceAll(line -> Matcher.quoteReplacement(comment(line.group())));
        return words(file.path(), 1, comments).toList();
    }

    /** The banned words in the quoted strings of a YAML or JSON file. */
    static List<Violation> wordsOfStrings(SourceFile file) {
        StringBuilder strings = new StringBuilder(blank(file.text()));
        QUOTED.matcher(file.text())
                .results()
                .forEach(string -> strings.replace(string.start(), string.end(), string.group()));
        return words(file.path(), 1, blank(ESCAPE, strings.toString())).toList();
    }

    private static String comment(String line) {
        int mark = line.startsWith("#") ? 0 : line.indexOf(" #");
        return mark < 0 ? "" : line.substring(mark).replace('#', ' ');
    }

    /** The banned words on a page, outside of code. */
    static List<Violation> wordsOfMarkdown(SourceFile file) {
        return words(file.path(), 1, blank(MARKDOWN_CODE, file.text())).toList();
    }

    private static Stream<Violation> words(Path path, int firstLine, String prose) {
        String text = blank(ALLOWED, prose);
        return BANNED.matcher(text)
                .results()
                .map(word -> new Violation(
                        Rule.WORDS,
                        path,
                        firstLine + lines(text, word.start()),
                        "\"%s\" in: …%s…".formatted(word.group().replaceAll("\\s+", " "), around(text, word.start()))));
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 40))
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The sentences in the Javadoc of a Java file that have too many words. An inline tag counts as one word. */
    static List<Violation> longSentences(SourceFile file) {
        return file.pieces().stream()
                .filter(piece -> piece.kind() == Kind.JAVADOC)
                .flatMap(piece -> longSentences(file.path(), piece))
                .toList();
    }

    private static Stream<Violation> longSentences(Path path, Piece javadoc) {
        String text = blank(STAR, javadoc.text());
        text = replace(
                HTML_CODE,
                text,
                code -> code.startsWith("<pre") ? "\0" + blank(code).substring(1) : word(code));
        text = replace(INLINE_CODE, text, Prose::word);
        text = replace(BLOCK, text, tag -> "\0" + blank(tag).substring(1));
        String prose = blank(INLINE_ELEMENT, text);
        return SENTENCE.matcher(prose)
                .results()
                .filter(sentence -> WORD.matcher(sentence.group()).results().count() > SENTENCE_WORDS)
                .map(sentence -> new Violation(
                        Rule.SENTENCES,
                        path,
                        javadoc.line() + lines(prose, firstWord(prose, sentence.start())),
                        "%d words (limit %d): %s…"
                                .formatted(
                                        WORD.matcher(sentence.group()).results().count(),
                                        SENTENCE_WORDS,
                                        around(prose, firstWord(prose, sentence.start()) + 30))));
    }

    private static int firstWord(String text, int from) {
        Matcher word = WORD.matcher(text);
        return word.find(from) ? word.start() : from;
    }

    private static int lines(String text, int end) {
        return (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    private static String word(String code) {
        return "c" + blank(code).substring(1);
    }

    private static String blank(String text) {
        return text.replaceAll("[^\\n]", " ");
    }

    private static String blank(Pattern pattern, String text) {
        return replace(pattern, text, Prose::blank);
    }

    private static String replace(Pattern pattern, String text, UnaryOperator<String> replacement) {
        return pattern.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replacement.apply(match.group())));
    }
}
