package dev.runnel.engine.template;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as Python's {@code str} and {@code repr} do. */
final class Printer {

    private static final char FIRST_PRINTABLE = ' ';
    private static final char DELETE = 0x7F;
    private static final char FIRST_AFTER_CONTROLS = 0xA0;

    private final Text.Builder out;

    private Printer(Budget budget) {
        this.out = new Text.Builder(budget);
    }

    /** {@code str(value)}. */
    static Text text(Value value, Budget budget) {
        if (value instanceof Value.Str str) {
            return str.text();
        }
        if (value instanceof Value.Undefined) {
            return Text.EMPTY;
        }
        return quoted(value, budget);
    }

    /** {@code repr(value)}. */
    static Text quoted(Value value, Budget budget) {
        Printer printer = new Printer(budget);
        printer.write(value);
        return printer.out.text();
    }

    private void write(Value value) {
        if (value instanceof Value.Str str) {
            string(str.text());
        } else if (value instanceof Value.Int number) {
            out.own(Long.toString(number.value()));
        } else if (value instanceof Value.Real number) {
            out.own(Numbers.shown(number.value()));
        } else if (value instanceof Value.Bool flag) {
            out.own(flag.value() ? "True" : "False");
        } else if (value instanceof Value.None) {
            out.own("None");
        } else if (value instanceof Value.Undefined) {
            out.own("Undefined");
        } else if (value instanceof Value.Seq seq) {
            items(seq);
        } else if (value instanceof Value.Dict dict) {
            entries(dict.entries());
        } else {
            out.own("<" + Types.name(value) + ">");
        }
    }

    private void items(Value.Seq seq) {
        List<Value> items = seq.items();
        out.own(seq.isTuple() ? '(' : '[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.own(", ");
            }
            write(items.get(i));
        }
        if (seq.isTuple() && items.size() == 1) {
            out.own(',');
        }
        out.own(seq.isTuple() ? ')' : ']');
    }

    private void entries(Map<Value, Value> entries) {
        out.own('{');
        for (Iterator<Map.Entry<Value, Value>> all = entries.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Value, Value> entry = all.next();
            write(entry.getKey());
            out.own(": ");
            write(entry.getValue());
            if (all.hasNext()) {
                out.own(", ");
            }
        }
        out.own('}');
    }

    private void string(Text text) {
        String chars = text.chars();
        char quote = chars.indexOf('\'') >= 0 && chars.indexOf('"') < 0 ? '"' : '\'';
        out.own(quote);
        int from = 0;
        for (int i = 0; i < chars.length(); i++) {
            String escape = escape(chars.charAt(i), quote);
            if (!escape.isEmpty()) {
                out.append(text.cut(from, i)).own(escape);
                from = i + 1;
            }
        }
        out.append(text.cut(from, chars.length()));
        out.own(quote);
    }

    private static String escape(char c, char quote) {
        if (c == quote || c == '\\') {
            return "\\" + c;
        }
        if (c >= FIRST_PRINTABLE && (c < DELETE || c >= FIRST_AFTER_CONTROLS)) {
            return "";
        }
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, "\\x%02x", (int) c);
        };
    }
}
