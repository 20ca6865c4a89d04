package dev.runnel.engine.template;

import java.util.List;

/** {@code "{} and {name}".format(…)}: fields without a format and without members. */
final class FieldFormat {

    private FieldFormat() {}

    static Text apply(Text text, Value.Call call) {
        Text.Builder out = new Text.Builder(call.budget());
        String chars = text.chars();
        int from = 0;
        int next = 0;
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c != '{' && c != '}') {
                continue;
            }
            out.append(text.cut(from, i));
            if (i + 1 < chars.length() && chars.charAt(i + 1) == c) {
                i++;
                out.append(text.cut(i, i + 1));
            } else {
                int end = c == '{' ? chars.indexOf('}', i) : -1;
                if (end < 0) {
                    throw TemplateException.failed("a single '" + c + "' in a format string");
                }
                String field = chars.substring(i + 1, end);
                out.append(Printer.text(value(field.isEmpty() ? "" + next++ : field, call), call.budget()));
                i = end;
            }
            from = i + 1;
        }
        return out.append(text.cut(from, chars.length())).text();
    }

    private static Value value(String field, Value.Call call) {
        List<Value> positional = call.positional();
        int place = Numbers.integer(field).orElse(-1L).intValue();
        Value value = place >= 0 && place < positional.size()
                ? positional.get(place)
                : call.named().get(field);
        if (value == null) {
            throw TemplateException.failed("a format string with a field that has no argument, or with a format");
        }
        return value;
    }
}
