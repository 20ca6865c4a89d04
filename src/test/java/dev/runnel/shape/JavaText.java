package dev.runnel.shape;

import java.util.ArrayList;
import java.util.List;

/** Splits Java source into code, comments and string literals. The compiler's own trees do not keep comments. */
final class JavaText {

    enum Kind {
        CODE,
        COMMENT,
        JAVADOC,
        STRING
    }

    /**
     * A part of a file.
     *
     * @param text the characters, with the marks of a comment and the quotes of a literal
     * @param line the line of the first character, from 1
     */
    record Piece(Kind kind, String text, int line) {}

    private final String source;
    private final List<Piece> pieces = new ArrayList<>();
    private int line = 1;
    private int at;

    private JavaText(String source) {
        this.source = source;
    }

    /** All pieces in order. Together they are the source. */
    static List<Piece> pieces(String source) {
        var text = new JavaText(source);
        text.split();
        return text.pieces;
    }

    private void split() {
        int code = 0;
        while (at < source.length()) {
            int end = endOfPiece();
            if (end == at) {
                at += 1;
            } else {
                add(Kind.CODE, code, at);
                add(kind(), at, end);
                at = end;
                code = end;
            }
        }
        add(Kind.CODE, code, at);
    }

    private void add(Kind kind, int from, int to) {
        if (from < to) {
            String text = source.substring(from, to);
            pieces.add(new Piece(kind, text, line));
            line += (int) text.chars().filter(c -> c == '\n').count();
        }
    }

    private Kind kind() {
        if (source.startsWith("/**", at) && !source.startsWith("/**/", at)) {
            return Kind.JAVADOC;
        }
        return switch (source.charAt(at)) {
            case '/' -> Kind.COMMENT;
            case '"' -> Kind.STRING;
            default -> Kind.CODE;
        };
    }

    /** The end of the comment or literal that starts here, or this place where none starts. */
    private int endOfPiece() {
        if (source.startsWith("//", at)) {
            return find("\n", at, 0);
        }
        if (source.startsWith("/*", at)) {
            return find("*/", at + 2, 2);
        }
        if (source.startsWith("\"\"\"", at)) {
            return endOfLiteral("\"\"\"");
        }
        return switch (source.charAt(at)) {
            case '"' -> endOfLiteral("\"");
            case '\'' -> endOfLiteral("'");
            default -> at;
        };
    }

    private int endOfLiteral(String quote) {
        int end = at + quote.length();
        while (end < source.length() && !source.startsWith(quote, end)) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end + quote.length(), source.length());
    }

    private int find(String mark, int from, int more) {
        int found = source.indexOf(mark, from);
        return found < 0 ? source.length() : found + more;
    }
}
