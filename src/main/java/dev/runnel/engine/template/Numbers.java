package dev.runnel.engine.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Numbers as Python reads, writes and rounds them. */
final class Numbers {

    private static final int MIN_EXPONENT = -4;
    private static final int MAX_EXPONENT = 16;
    private static final int LONGEST_DIGITS = 19;
    private static final int MAX_PLACES = 400;

    private Numbers() {}

    /** {@code repr} of a float. */
    static String shown(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= MIN_EXPONENT && exponent < MAX_EXPONENT) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = exact.unscaledValue().abs().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        String sign = exact.signum() < 0 ? "-" : "";
        String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + size;
    }

    /** {@code int(text)} in base 10; empty if it is not an integer. */
    static Optional<Long> integer(String text) {
        String digits = stripped(text).replace("_", "");
        int start = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
        if (digits.length() == start || digits.length() - start > LONGEST_DIGITS) {
            return Optional.empty();
        }
        for (int i = start; i < digits.length(); i++) {
            if (!Chars.isDigit(digits.charAt(i))) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code float(text)}; empty if it is not a number. */
    static Optional<Double> real(String text) {
        String number = stripped(text);
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (!Chars.isDigit(c) && "+-.eE".indexOf(c) < 0) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Double.parseDouble(number));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String stripped(String text) {
        int end = Chars.beforeSpaces(text, text.length());
        return text.substring(Math.min(end, Chars.afterSpaces(text, 0)), end);
    }

    /**
     * A number rounded to decimal places.
     *
     * @param method {@code common}, which rounds a half to the even digit as Python does, {@code ceil} or {@code floor}
     */
    static double rounded(double value, long places, String method) {
        if (Double.isNaN(value) || Double.isInfinite(value) || Math.abs(places) > MAX_PLACES) {
            return value;
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw TemplateException.failed("method must be common, ceil or floor");
        };
        return new BigDecimal(value).setScale((int) places, mode).doubleValue();
    }
}
