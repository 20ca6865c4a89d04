package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The parts of a text: stripped, split, replaced. */
final class Strings {

    private Strings() {}

    /**
     * The text without characters at its ends.
     *
     * @param chars the characters to drop; empty for white space
     */
    static Text stripped(Text text, String chars, boolean atStart, boolean atEnd) {
        String all = text.chars();
        int from = 0;
        int to = all.length();
        while (atStart && from < to && isDropped(all.codePointAt(from), chars)) {
            from = all.offsetByCodePoints(from, 1);
        }
        while (atEnd && to > from && isDropped(all.codePointBefore(to), chars)) {
            to = all.offsetByCodePoints(to, -1);
        }
        return text.cut(from, to);
    }

    private static boolean isDropped(int codePoint, String chars) {
        if (chars.isEmpty()) {
            return Character.isBmpCodePoint(codePoint) && Chars.isSpace((char) codePoint);
        }
        return chars.indexOf(codePoint) >= 0;
    }

    /**
     * The parts between separators.
     *
     * @param most splits at most, from the start; negative for all
     */
    static List<Text> split(Text text, String separator, long most, Budget budget) {
        List<Text> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.chars().indexOf(separator);
                at >= 0 && parts.size() != most;
                at = text.chars().indexOf(separator, from)) {
            budget.elements(1);
            parts.add(text.cut(from, at));
            from = at + separator.length();
        }
        parts.add(text.cut(from, text.units()));
        return parts;
    }

    /** The same, where {@code most} counts from the end. */
    static List<Text> splitFromEnd(Text text, String separator, long most, Budget budget) {
        List<Text> parts = new ArrayList<>();
        int to = text.units();
        for (int at = text.chars().lastIndexOf(separator);
                at >= 0 && parts.size() != most;
                at = before(text, separator, to)) {
            budget.elements(1);
            parts.add(text.cut(at + separator.length(), to));
            to = at;
        }
        parts.add(text.cut(0, to));
        Collections.reverse(parts);
        return parts;
    }

    private static int before(Text text, String separator, int to) {
        return to < separator.length() ? -1 : text.chars().lastIndexOf(separator, to - separator.length());
    }

    /** The words between white space; at most {@code most} splits, from the start or from the end. */
    static List<Text> words(Text text, long most, boolean fromEnd, Budget budget) {
        String chars = text.chars();
        List<Text> words = new ArrayList<>();
        int to = Chars.beforeSpaces(chars, chars.length());
        int from = Math.min(to, Chars.afterSpaces(chars, 0));
        while (from < to) {
            budget.elements(1);
            if (words.size() == most) {
                words.add(fromEnd ? text.cut(0, to) : text.cut(from, chars.length()));
                break;
            }
            int boundary = boundary(chars, from, to, fromEnd);
            words.add(fromEnd ? text.cut(boundary, to) : text.cut(from, boundary));
            from = fromEnd ? from : Math.min(to, Chars.afterSpaces(chars, boundary));
            to = fromEnd ? Math.max(from, Chars.beforeSpaces(chars, boundary)) : to;
        }
        if (fromEnd) {
            Collections.reverse(words);
        }
        return words;
    }

    /** The end of the first word, or the start of the last one. */
    private static int boundary(String chars, int from, int to, boolean fromEnd) {
        int at = fromEnd ? to : from;
        while (fromEnd && at > from && !Chars.isSpace(chars.charAt(at - 1))) {
            at--;
        }
        while (!fromEnd && at < to && !Chars.isSpace(chars.charAt(at))) {
            at++;
        }
        return at;
    }

    static List<Text> lines(Text text, boolean keepsEnds, Budget budget) {
        String chars = text.chars();
        List<Text> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < chars.length(); i++) {
            if (Chars.endsLine(chars.charAt(i))) {
                int end = chars.startsWith("\r\n", i) ? i + 2 : i + 1;
                budget.elements(1);
                lines.add(text.cut(from, keepsEnds ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < chars.length()) {
            lines.add(text.cut(from, chars.length()));
        }
        return lines;
    }

    /** @param most replacements at most; negative for all */
    static Text replaced(Text text, String old, Text by, long most, Budget budget) {
        Text.Builder out = new Text.Builder(budget);
        if (old.isEmpty()) {
            return spread(text, by, most, out);
        }
        int from = 0;
        long left = most;
        for (int at = text.chars().indexOf(old);
                at >= 0 && left != 0;
                at = text.chars().indexOf(old, from)) {
            out.append(text.cut(from, at)).append(by);
            from = at + old.length();
            left--;
        }
        return out.append(text.cut(from, text.units())).text();
    }

    /** An empty text is found before each character, and at the end. */
    private static Text spread(Text text, Text by, long most, Text.Builder out) {
        long left = most;
        int at = 0;
        while (left != 0 && at <= text.units()) {
            out.append(by);
            int end = at < text.units() ? text.chars().offsetByCodePoints(at, 1) : at + 1;
            out.append(text.cut(at, Math.min(end, text.units())));
            at = end;
            left--;
        }
        return out.append(text.cut(Math.min(at, text.units()), text.units())).text();
    }

    static Text joined(List<Text> parts, Text separator, Budget budget) {
        Text.Builder out = new Text.Builder(budget);
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                out.append(separator);
            }
            out.append(parts.get(i));
        }
        return out.text();
    }

    /** The first letter large, all others small. */
    static Text capitalized(Text text) {
        String chars = text.chars();
        if (chars.isEmpty()) {
            return text;
        }
        int end = chars.offsetByCodePoints(0, 1);
        String first = Character.toString(Character.toTitleCase(chars.codePointAt(0)));
        return text.changedTo(first + lower(chars.substring(end)));
    }

    /** The first letter of each word large, all others small. A word starts after a character that is no letter. */
    static Text titled(Text text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int at = 0; at < text.units(); ) {
            int c = text.chars().codePointAt(at);
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
            at += Character.charCount(c);
        }
        return text.changedTo(out.toString());
    }

    static String lower(String chars) {
        return chars.toLowerCase(Locale.ROOT);
    }

    static String upper(String chars) {
        return chars.toUpperCase(Locale.ROOT);
    }
}
