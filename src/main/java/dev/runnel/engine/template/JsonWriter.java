package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as Python's {@code json.dumps} does. */
final class JsonWriter {

    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_ASCII = 0x7F;

    /**
     * The form of the JSON text.
     *
     * @param isAscii whether other characters are escaped
     * @param isIndented whether each element stands on a line
     * @param indent the space of one level
     * @param itemEnd what follows an element
     * @param keyEnd what follows a key
     * @param isSorted whether the entries are in the order of their keys
     */
    record Form(boolean isAscii, boolean isIndented, String indent, String itemEnd, String keyEnd, boolean isSorted) {}

    private final Form form;
    private final Budget budget;
    private final Text.Builder out;
    private int level;

    private JsonWriter(Form form, Budget budget) {
        this.form = form;
        this.budget = budget;
        this.out = new Text.Builder(budget);
    }

    static Text write(Value value, Form form, Budget budget) {
        JsonWriter writer = new JsonWriter(form, budget);
        writer.write(value);
        return writer.out.text();
    }

    private void write(Value value) {
        budget.step();
        if (value instanceof Value.Str str) {
            string(str.text());
        } else if (value instanceof Value.Seq seq) {
            items(seq.items());
        } else if (value instanceof Value.Dict dict) {
            entries(dict.entries());
        } else {
            out.own(scalar(value));
        }
    }

    private static String scalar(Value value) {
        if (value instanceof Value.None) {
            return "null";
        } else if (value instanceof Value.Bool flag) {
            return Boolean.toString(flag.value());
        } else if (value instanceof Value.Int number) {
            return Long.toString(number.value());
        } else if (value instanceof Value.Real number) {
            double real = number.value();
            String infinite = real > 0 ? "Infinity" : "-Infinity";
            return Double.isNaN(real) ? "NaN" : Double.isInfinite(real) ? infinite : Numbers.shown(real);
        }
        throw TemplateException.failed("Object of type " + Types.name(value) + " is not JSON serializable");
    }

    private void items(List<Value> items) {
        if (items.isEmpty()) {
            out.own("[]");
            return;
        }
        out.own('[');
        level++;
        for (Iterator<Value> all = items.iterator(); all.hasNext(); ) {
            newLine();
            write(all.next());
            if (all.hasNext()) {
                out.own(form.itemEnd());
            }
        }
        level--;
        newLine();
        out.own(']');
    }

    private void entries(Map<Value, Value> entries) {
        if (entries.isEmpty()) {
            out.own("{}");
            return;
        }
        List<Map.Entry<Value, Value>> list = new ArrayList<>(entries.entrySet());
        if (form.isSorted()) {
            list.sort((a, b) -> Comparison.order(a.getKey(), b.getKey(), "<"));
        }
        out.own('{');
        level++;
        for (Iterator<Map.Entry<Value, Value>> all = list.iterator(); all.hasNext(); ) {
            Map.Entry<Value, Value> entry = all.next();
            newLine();
            string(entry.getKey() instanceof Value.Str str ? str.text() : Text.own(scalar(entry.getKey())));
            out.own(form.keyEnd());
            write(entry.getValue());
            if (all.hasNext()) {
                out.own(form.itemEnd());
            }
        }
        level--;
        newLine();
        out.own('}');
    }

    private void newLine() {
        if (form.isIndented()) {
            out.own('\n');
            for (int i = 0; i < level; i++) {
                out.own(form.indent());
            }
        }
    }

    private void string(Text text) {
        String chars = text.chars();
        out.own('"');
        int from = 0;
        for (int i = 0; i < chars.length(); i++) {
            String escape = escape(chars.charAt(i));
            if (!escape.isEmpty()) {
                out.append(text.cut(from, i)).own(escape);
                from = i + 1;
            }
        }
        out.append(text.cut(from, chars.length()));
        out.own('"');
    }

    private String escape(char c) {
        if (c >= FIRST_PRINTABLE && c != '"' && c != '\\' && (c <= LAST_ASCII || !form.isAscii())) {
            return "";
        }
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
        };
    }
}
