package dev.runnel.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A median of the results, with the smallest and the largest value.
 *
 * @param text as the table has it
 */
record Spread(double median, double smallest, double largest, String text) {

    private static final String NUMBER = "(\\d[\\d,]*(?:\\.\\d+)?)";
    private static final Pattern FORM = Pattern.compile(NUMBER + " \\(" + NUMBER + " … " + NUMBER + "\\)");

    Spread {
        if (median < smallest || median > largest) {
            throw new IllegalArgumentException(text + " (expected: a median between the other two)");
        }
    }

    /** Reads a cell such as {@code 12.0 (10.9 … 13.6)}. */
    static Spread of(String cell) {
        Matcher form = FORM.matcher(cell);
        if (!form.matches()) {
            throw new IllegalArgumentException(cell + " (expected: a form like 12.0 (10.9 … 13.6))");
        }
        return new Spread(number(form.group(1)), number(form.group(2)), number(form.group(3)), cell);
    }

    private static double number(String digits) {
        return Double.parseDouble(digits.replace(",", ""));
    }
}
