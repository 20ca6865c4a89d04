package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/** The texts of numbers. At most 15 digits, so that every reader of JSON reads the same value. */
final class Numbers {

    /** The largest integer of 15 digits. */
    static final long LARGEST = 999_999_999_999_999L;

    private static final String INTEGER = "(0|[1-9][0-9]{0,14})";

    /** Any number. */
    static final Automaton ANY =
            Automaton.of(RegexParser.parse("-?" + INTEGER + "(\\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?"));

    /** Any integer. */
    static final Automaton INTEGERS = Automaton.of(RegexParser.parse("-?" + INTEGER));

    private Numbers() {}

    /**
     * Integers in a range, both ends included.
     *
     * @param first at least -{@link #LARGEST}
     * @param last at most {@link #LARGEST}, not less than {@code first}
     */
    static Automaton integers(long first, long last) {
        List<String> options = new ArrayList<>();
        if (first < 0) {
            between(Math.max(1, -last), -first).forEach(option -> options.add("-" + option));
        }
        if (last >= 0) {
            options.addAll(between(Math.max(0, first), last));
        }
        return Automaton.of(RegexParser.parse(String.join("|", options)));
    }

    /** One option per number of digits. */
    private static List<String> between(long first, long last) {
        List<String> options = new ArrayList<>();
        String least = String.valueOf(first);
        String most = String.valueOf(last);
        for (int digits = least.length(); digits <= most.length(); digits++) {
            String from = digits == least.length() ? least : "1" + "0".repeat(digits - 1);
            String to = digits == most.length() ? most : "9".repeat(digits);
            options.add(sameLength(from, to));
        }
        return options;
    }

    private static String sameLength(String from, String to) {
        String zeros = "0".repeat(from.length());
        String nines = "9".repeat(from.length());
        if (from.equals(zeros) && to.equals(nines)) {
            return digits('0', '9', from.length());
        }
        char first = from.charAt(0);
        char last = to.charAt(0);
        String fromRest = from.substring(1);
        String toRest = to.substring(1);
        if (first == last) {
            return first + sameLength(fromRest, toRest);
        }
        List<String> options = new ArrayList<>();
        char least = first;
        char most = last;
        if (!fromRest.equals(zeros.substring(1))) {
            options.add(first + sameLength(fromRest, nines.substring(1)));
            least++;
        }
        if (!toRest.equals(nines.substring(1))) {
            options.add(last + sameLength(zeros.substring(1), toRest));
            most--;
        }
        if (least <= most) {
            options.add(digits(least, most, 1) + digits('0', '9', fromRest.length()));
        }
        return "(" + String.join("|", options) + ")";
    }

    private static String digits(char least, char most, int count) {
        return count == 0 ? "" : "[" + least + "-" + most + "]{" + count + "}";
    }
}
