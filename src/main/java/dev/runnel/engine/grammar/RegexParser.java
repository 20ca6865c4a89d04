package dev.runnel.engine.grammar;

import dev.runnel.engine.grammar.CodePoints.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a regular expression as in ECMA-262: literals, classes, groups, alternatives and repetitions. It refuses
 * look-around and references to groups, which are not regular, and anchors inside.
 */
final class RegexParser {

    /** The most repetitions that a count may ask for. */
    static final int MAX_REPETITIONS = 1000;

    private static final int MAX_GROUPS = 32;
    private static final String SYNTAX = "^$\\.*+?()[]{}|/-";
    private static final CodePoints DIGITS = CodePoints.of(new Range('0', '9'));
    private static final CodePoints WORD =
            CodePoints.of(new Range('a', 'z'), new Range('A', 'Z'), new Range('0', '9'), new Range('_', '_'));
    /** What all dialects agree on. */
    private static final CodePoints SPACE = CodePoints.of(new Range('\t', '\r'), new Range(' ', ' '));
    /** White space of ECMA-262: what is not in it is not white space in any dialect. */
    private static final CodePoints ANY_SPACE = SPACE.plus(CodePoints.of(
            new Range(0x85, 0x85),
            new Range(0xA0, 0xA0),
            new Range(0x1680, 0x1680),
            new Range(0x180E, 0x180E),
            new Range(0x2000, 0x200A),
            new Range(0x2028, 0x2029),
            new Range(0x202F, 0x202F),
            new Range(0x205F, 0x205F),
            new Range(0x3000, 0x3000),
            new Range(0xFEFF, 0xFEFF)));
    /** Line ends in any dialect. */
    private static final CodePoints LINE_ENDS = CodePoints.of(
            new Range('\n', '\n'), new Range('\r', '\r'), new Range(0x85, 0x85), new Range(0x2028, 0x2029));

    private final int[] text;
    private int at;
    private int depth;

    private RegexParser(String text) {
        this.text = text.codePoints().toArray();
    }

    /** An expression that is not in the subset. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unsupported(String fault) {
            super(fault);
        }
    }

    /** @param text without the anchors around it */
    static Regex parse(String text) {
        var parser = new RegexParser(text);
        Regex whole = parser.either();
        if (parser.at < parser.text.length) {
            throw new Unsupported("a ) without its (");
        }
        return whole;
    }

    private Regex either() {
        List<Regex> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (isNext('|'));
        return options.size() == 1 ? options.get(0) : new Regex.Either(options);
    }

    private Regex sequence() {
        List<Regex> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')') {
            parts.add(repeated(atom()));
        }
        return new Regex.Sequence(parts);
    }

    private Regex atom() {
        int c = text[at++];
        return switch (c) {
            case '(' -> group();
            case '[' -> new Regex.One(characterClass());
            case '.' -> new Regex.One(LINE_ENDS.complement());
            case '\\' -> new Regex.One(escaped());
            case '^', '$' -> throw new Unsupported("an anchor inside (expected: ^ at the start and $ at the end only)");
            case '*', '+', '?', '{', '}', ']' ->
                throw new Unsupported("a " + Character.toString(c) + " without a part before it");
            default -> new Regex.One(CodePoints.of(c));
        };
    }

    private Regex group() {
        if (isNext('?')) {
            if (!isNext(':')) {
                throw new Unsupported("look-around or a named group (expected: groups of the form (…) and (?:…))");
            }
        }
        depth++;
        if (depth > MAX_GROUPS) {
            throw new Unsupported("more than " + MAX_GROUPS + " groups inside of each other");
        }
        Regex inner = either();
        depth--;
        if (!isNext(')')) {
            throw new Unsupported("a ( without its )");
        }
        return inner;
    }

    private Regex repeated(Regex atom) {
        if (isNext('*')) {
            return lazy(new Regex.Repeat(atom, 0, Regex.UNBOUNDED));
        }
        if (isNext('+')) {
            return lazy(new Regex.Repeat(atom, 1, Regex.UNBOUNDED));
        }
        if (isNext('?')) {
            return lazy(new Regex.Repeat(atom, 0, 1));
        }
        return isNext('{') ? lazy(counted(atom)) : atom;
    }

    /** A lazy repetition has the same texts. */
    private Regex lazy(Regex repeat) {
        if (isNext('?')) {
            return repeat;
        }
        if (at < text.length && (text[at] == '+' || text[at] == '*' || text[at] == '{')) {
            throw new Unsupported("a repetition of a repetition");
        }
        return repeat;
    }

    private Regex counted(Regex atom) {
        int least = count();
        int most = least;
        if (isNext(',')) {
            most = at < text.length && text[at] == '}' ? Regex.UNBOUNDED : count();
        }
        if (!isNext('}') || (most != Regex.UNBOUNDED && most < least)) {
            throw new Unsupported("a repetition that is not {m}, {m,} or {m,n}");
        }
        return new Regex.Repeat(atom, least, most);
    }

    private int count() {
        int start = at;
        int value = 0;
        while (at < text.length && DIGITS.contains(text[at])) {
            value = Math.min(value * 10 + text[at++] - '0', MAX_REPETITIONS + 1);
        }
        if (at == start) {
            throw new Unsupported("a repetition that is not {m}, {m,} or {m,n}");
        }
        if (value > MAX_REPETITIONS) {
            throw new Unsupported("a repetition of more than " + MAX_REPETITIONS);
        }
        return value;
    }

    private CodePoints characterClass() {
        boolean inverted = isNext('^');
        List<Range> ranges = new ArrayList<>();
        while (!isNext(']')) {
            CodePoints first = member();
            boolean isRange = at + 1 < text.length && text[at] == '-' && text[at + 1] != ']';
            if (isRange) {
                at++;
                ranges.add(range(first, member()));
            } else {
                ranges.addAll(first.ranges());
            }
        }
        CodePoints members = CodePoints.of(ranges);
        return inverted ? members.complement() : members;
    }

    private static Range range(CodePoints first, CodePoints last) {
        if (!isOne(first)
                || !isOne(last)
                || first.ranges().get(0).first() > last.ranges().get(0).first()) {
            throw new Unsupported("a range in [ ] that is not one character to a later one");
        }
        return new Range(first.ranges().get(0).first(), last.ranges().get(0).first());
    }

    private static boolean isOne(CodePoints set) {
        return set.ranges().size() == 1
                && set.ranges().get(0).first() == set.ranges().get(0).last();
    }

    private CodePoints member() {
        if (at >= text.length) {
            throw new Unsupported("a [ without its ]");
        }
        int c = text[at++];
        if (c == '[' || (c == '&' && at < text.length && text[at] == '&')) {
            // A set operation in some dialects.
            throw new Unsupported("a [ or && inside of [ ] (expected: \\[)");
        }
        return c == '\\' ? escaped() : CodePoints.of(c);
    }

    private CodePoints escaped() {
        if (at >= text.length) {
            throw new Unsupported("a \\ at the end");
        }
        int c = text[at++];
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> SPACE;
            case 'S' -> ANY_SPACE.complement();
            case 't' -> CodePoints.of('\t');
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 'f' -> CodePoints.of('\f');
            case 'x' -> CodePoints.of(hex(2));
            case 'u' -> CodePoints.of(hex(4));
            default -> {
                if (SYNTAX.indexOf(c) < 0) {
                    throw new Unsupported("the escape \\" + Character.toString(c));
                }
                yield CodePoints.of(c);
            }
        };
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length ? Character.digit(text[at++], 16) : -1;
            if (digit < 0) {
                throw new Unsupported("an escape without its " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private boolean isNext(int c) {
        if (at < text.length && text[at] == c) {
            at++;
            return true;
        }
        return false;
    }
}
