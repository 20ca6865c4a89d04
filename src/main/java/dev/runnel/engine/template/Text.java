package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable string that knows which of its characters are foreign: a caller's, not the template's. Every operation
 * of a template keeps that knowledge, so that a control token in a caller's text can be read as plain text. Two texts
 * are equal if their characters are.
 */
public final class Text {

    private static final int[] NONE = {};

    /** The text without characters. */
    public static final Text EMPTY = new Text("", NONE);

    private final String chars;

    /** The foreign ranges in order, each as its start and its end; none touches the next. */
    private final int[] foreign;

    private Text(String chars, int[] foreign) {
        this.chars = chars;
        this.foreign = foreign;
    }

    /** A text of the template, or of the model. */
    public static Text own(String chars) {
        return new Text(chars, NONE);
    }

    /** A text of a caller. */
    public static Text foreign(String chars) {
        return chars.isEmpty() ? EMPTY : new Text(chars, new int[] {0, chars.length()});
    }

    /** The characters alone. */
    public String chars() {
        return chars;
    }

    /** A part of a text with one origin. */
    public record Piece(String chars, boolean isForeign) {}

    /** The text in parts of one origin each; none is empty, and neighbours differ in their origin. */
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < foreign.length; i += 2) {
            if (foreign[i] > from) {
                pieces.add(new Piece(chars.substring(from, foreign[i]), false));
            }
            pieces.add(new Piece(chars.substring(foreign[i], foreign[i + 1]), true));
            from = foreign[i + 1];
        }
        if (from < chars.length()) {
            pieces.add(new Piece(chars.substring(from), false));
        }
        return pieces;
    }

    /** Its length in UTF-16 units. */
    int units() {
        return chars.length();
    }

    boolean isEmpty() {
        return chars.isEmpty();
    }

    /** A part of it, by UTF-16 units. */
    Text cut(int from, int to) {
        if (from == 0 && to == chars.length()) {
            return this;
        }
        if (from >= to) {
            return EMPTY;
        }
        int[] ranges = new int[foreign.length];
        int count = 0;
        for (int i = 0; i < foreign.length; i += 2) {
            int start = Math.max(foreign[i], from);
            int end = Math.min(foreign[i + 1], to);
            if (start < end) {
                ranges[count++] = start - from;
                ranges[count++] = end - from;
            }
        }
        return new Text(chars.substring(from, to), count == 0 ? NONE : Arrays.copyOf(ranges, count));
    }

    /** A changed form of this text, such as its capital letters. If its length differs and any is foreign, all is. */
    Text changedTo(String changed) {
        if (foreign.length == 0) {
            return own(changed);
        }
        return changed.length() == chars.length() ? new Text(changed, foreign) : foreign(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.chars.equals(chars);
    }

    @Override
    public int hashCode() {
        return chars.hashCode();
    }

    /** Leaves the characters out: prompts never reach a log. */
    @Override
    public String toString() {
        return "Text[" + chars.length() + " chars]";
    }

    /** Appends texts. Its length counts in the budget. */
    static final class Builder {

        private final Budget budget;
        private final StringBuilder chars = new StringBuilder();
        private int[] ranges = NONE;
        private int used;

        Builder(Budget budget) {
            this.budget = budget;
        }

        Builder own(String more) {
            grow(more.length());
            chars.append(more);
            return this;
        }

        Builder own(char more) {
            grow(1);
            chars.append(more);
            return this;
        }

        Builder append(Text more) {
            grow(more.chars.length());
            int offset = chars.length();
            chars.append(more.chars);
            for (int i = 0; i < more.foreign.length; i += 2) {
                addRange(more.foreign[i] + offset, more.foreign[i + 1] + offset);
            }
            return this;
        }

        private void grow(int more) {
            budget.grows((long) chars.length() + more, more);
        }

        private void addRange(int start, int end) {
            if (used > 0 && ranges[used - 1] == start) {
                ranges[used - 1] = end;
                return;
            }
            if (used == ranges.length) {
                ranges = Arrays.copyOf(ranges, Math.max(4, 2 * used));
            }
            ranges[used++] = start;
            ranges[used++] = end;
        }

        Text text() {
            return chars.length() == 0
                    ? EMPTY
                    : new Text(chars.toString(), used == 0 ? NONE : Arrays.copyOf(ranges, used));
        }
    }
}
