package dev.runnel.engine.template;

import dev.runnel.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits a template into tokens, with Jinja's options {@code trim_blocks} and {@code lstrip_blocks}. These drop the
 * line end after a tag, and the spaces before it on its line.
 */
final class Lexer {

    private static final String OPERATORS = "+-/*%~[](){}<>=.:|,;";
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;

    private Lexer(String source) {
        this.source = source;
    }

    /** The tokens of a template; the last one is its end. */
    static List<Token> tokens(String template) {
        Lexer lexer = new Lexer(normalized(template));
        lexer.run();
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    /** With one form of line ends, and without the one at the end of the template. */
    private static String normalized(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        return lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line()));
    }

    private int line() {
        for (; counted < at; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
            }
        }
        return line;
    }

    private TemplateException fault(String message) {
        return TemplateException.syntax(line(), message);
    }

    private void run() {
        while (at < source.length()) {
            int open = nextOpen(at);
            if (open < 0) {
                add(Kind.DATA, source.substring(at));
                at = source.length();
                return;
            }
            data(open);
            char type = source.charAt(open + 1);
            at = open + 2;
            if (signAt(at) != 0) {
                at++;
            }
            switch (type) {
                case '#' -> comment();
                case '{' -> markup(Kind.OUTPUT_START, Kind.OUTPUT_END, "}}");
                default -> tag();
            }
        }
    }

    private int nextOpen(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** The sign for white space at a place, or 0. */
    private char signAt(int index) {
        char c = index < source.length() ? source.charAt(index) : 0;
        return c == '-' || c == '+' ? c : 0;
    }

    /** The text from here to a delimiter. */
    private void data(int open) {
        int end = open;
        char sign = signAt(open + 2);
        if (sign == '-') {
            end = Math.max(at, Chars.beforeSpaces(source, open));
        } else if (sign == 0 && source.charAt(open + 1) != '{') {
            end = lineStart(open);
        }
        if (end > at) {
            add(Kind.DATA, source.substring(at, end));
        }
    }

    /** The start of the line of a tag, if only white space precedes the tag on it; else the tag. */
    private int lineStart(int open) {
        int start = Math.max(at, source.lastIndexOf('\n', open - 1) + 1);
        boolean isWholeLine = start == 0 || source.charAt(start - 1) == '\n';
        return isWholeLine && Chars.afterSpaces(source, start) >= open ? start : open;
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw fault("a comment without '#}'");
        }
        char sign = end > at ? signAt(end - 1) : 0;
        at = end + 2;
        trim(sign);
    }

    /** Skips what the end of a tag removes after it. */
    private void trim(char sign) {
        if (sign == '-') {
            at = Chars.afterSpaces(source, at);
        } else if (sign == 0 && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    private void tag() {
        int name = Chars.afterSpaces(source, at);
        int end = name + "raw".length();
        if (source.startsWith("raw", name)) {
            int close = Chars.afterSpaces(source, end);
            boolean trims = source.startsWith("-%}", close);
            if (trims || source.startsWith("%}", close)) {
                at = trims ? Chars.afterSpaces(source, close + 3) : close + 2;
                raw();
                return;
            }
        }
        markup(Kind.TAG_START, Kind.TAG_END, "%}");
    }

    private void raw() {
        for (int open = source.indexOf("{%", at); open >= 0; open = source.indexOf("{%", open + 2)) {
            int name = Chars.afterSpaces(source, open + (signAt(open + 2) == 0 ? 2 : 3));
            int close = Chars.afterSpaces(source, name + "endraw".length());
            char sign = signAt(close);
            int end = sign == 0 ? close : close + 1;
            if (source.startsWith("endraw", name) && source.startsWith("%}", end)) {
                data(open);
                at = end + 2;
                trim(sign);
                return;
            }
        }
        throw fault("'raw' without 'endraw'");
    }

    private void markup(Kind start, Kind end, String close) {
        add(start, "");
        int open = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (open == 0 && closes(close)) {
                add(end, "");
                afterClose(close);
                return;
            }
            if (Chars.isSpace(c)) {
                at++;
            } else if (Chars.isDigit(c)) {
                number();
            } else if (c == '\'' || c == '"') {
                string(c);
            } else if (Chars.startsName(c)) {
                name();
            } else {
                open += operator(c);
            }
        }
        throw fault("a tag without '" + close + "'");
    }

    private boolean closes(String close) {
        char sign = signAt(at);
        boolean isSigned = sign == '-' || (sign == '+' && close.equals("%}"));
        return source.startsWith(close, isSigned ? at + 1 : at);
    }

    private void afterClose(String close) {
        char sign = signAt(at);
        at += sign == 0 ? 2 : 3;
        // The line end after an output stays.
        trim(sign == 0 && close.equals("}}") ? '+' : sign);
    }

    private void number() {
        int start = at;
        boolean isFloat = false;
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        digits();
        if (!afterDot && at + 1 < source.length() && source.charAt(at) == '.' && Chars.isDigit(source.charAt(at + 1))) {
            at++;
            digits();
            isFloat = true;
        }
        if (!afterDot && at < source.length() && (source.charAt(at) == 'e' || source.charAt(at) == 'E')) {
            int exponent = signAt(at + 1) == 0 ? at + 1 : at + 2;
            if (exponent < source.length() && Chars.isDigit(source.charAt(exponent))) {
                at = exponent;
                digits();
                isFloat = true;
            }
        }
        add(isFloat ? Kind.FLOAT : Kind.INTEGER, source.substring(start, at).replace("_", ""));
    }

    private void digits() {
        while (at < source.length() && (Chars.isDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
    }

    private void string(char quote) {
        int start = at + 1;
        int end = start;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw fault("a string without its second quote");
        }
        add(Kind.STRING, Literals.unescaped(source.substring(start, end), line()));
        at = end + 1;
    }

    private void name() {
        int start = at;
        while (at < source.length() && Chars.continuesName(source.charAt(at))) {
            at++;
        }
        add(Kind.NAME, source.substring(start, at));
    }

    /** Reads an operator; returns by how many brackets the nesting changes. */
    private int operator(char c) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, at)) {
                add(Kind.OPERATOR, operator);
                at += operator.length();
                return 0;
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw fault("unexpected character U+" + String.format(Locale.ROOT, "%04X", (int) c));
        }
        add(Kind.OPERATOR, String.valueOf(c));
        at++;
        return "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
    }
}
