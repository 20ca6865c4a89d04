package dev.runnel.engine.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** {@code strftime} in the C locale. */
final class DateFormat {

    private static final Map<Character, DateTimeFormatter> FORMS = Map.ofEntries(
            form('a', "EEE"),
            form('A', "EEEE"),
            form('b', "MMM"),
            form('B', "MMMM"),
            form('h', "MMM"),
            form('d', "dd"),
            form('e', "ppd"),
            form('H', "HH"),
            form('I', "hh"),
            form('j', "DDD"),
            form('m', "MM"),
            form('M', "mm"),
            form('p', "a"),
            form('S', "ss"),
            form('y', "yy"),
            form('Y', "yyyy"),
            form('f', "SSSSSS"),
            form('F', "yyyy-MM-dd"),
            form('T', "HH:mm:ss"),
            form('D', "MM/dd/yy"),
            form('R', "HH:mm"));

    private DateFormat() {}

    private static Map.Entry<Character, DateTimeFormatter> form(char letter, String pattern) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
    }

    static String format(LocalDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            boolean isBare = letter == '-' && i + 1 < format.length();
            if (isBare) {
                letter = format.charAt(++i);
            }
            String field = field(time, letter);
            out.append(isBare && field.length() > 1 && field.charAt(0) == '0' ? field.substring(1) : field);
        }
        return out.toString();
    }

    private static String field(LocalDateTime time, char letter) {
        if (letter == '%') {
            return "%";
        }
        DateTimeFormatter form = FORMS.get(letter);
        if (form == null) {
            throw TemplateException.failed("strftime_now: '%" + letter + "' is not supported");
        }
        return form.format(time);
    }
}
