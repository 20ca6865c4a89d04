package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;

/** Filters whose result is a text. */
final class TextFilters {

    private static final Text LINE_END = Text.own("\n");

    private TextFilters() {}

    static void addTo(Library library) {
        library.add("string", (value, call) -> new Value.Str(Printer.text(value, call.budget())));
        library.add("safe", (value, call) -> new Value.Str(Printer.text(value, call.budget())));
        library.add("upper", (value, call) -> method(value, "upper", call));
        library.add("lower", (value, call) -> method(value, "lower", call));
        library.add("capitalize", (value, call) -> method(value, "capitalize", call));
        library.add("title", (value, call) -> title(value, call));
        library.add("trim", (value, call) -> method(value, "strip", call));
        library.add("replace", TextFilters::replaced);
        library.add("join", TextFilters::joined);
        library.add("indent", TextFilters::indented);
        library.add("tojson", TextFilters::json);
        library.add("wordcount", (value, call) -> {
            Text text = Printer.text(value, call.budget());
            return new Value.Int(Strings.words(text, -1, false, call.budget()).size());
        });
        for (String name : List.of("escape", "e", "forceescape")) {
            library.add(
                    name, (value, call) -> new Value.Str(escaped(Printer.text(value, call.budget()), call.budget())));
        }
    }

    private static Value method(Value value, String name, Value.Call call) {
        Value.Str text = new Value.Str(Printer.text(value, call.budget()));
        Value method = Members.attribute(text, name);
        return method instanceof Value.Function function ? function.call(call) : Value.NONE;
    }

    /** Words start after white space, a hyphen or an opening bracket. */
    private static Value title(Value value, Value.Call call) {
        Text text = Printer.text(value, call.budget());
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int at = 0; at < text.units(); ) {
            int c = text.chars().codePointAt(at);
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = !(c <= 0xFFFF && (Chars.isSpace((char) c) || "-({[<".indexOf(c) >= 0));
            at += Character.charCount(c);
        }
        return new Value.Str(text.changedTo(out.toString()));
    }

    private static Value replaced(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "old", "new", "count");
        Budget budget = call.budget();
        Text old = Printer.text(arguments.require("old"), budget);
        Text by = Printer.text(arguments.require("new"), budget);
        return new Value.Str(
                Strings.replaced(Printer.text(value, budget), old.chars(), by, arguments.integer("count", -1), budget));
    }

    private static Value joined(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "d", "attribute");
        Budget budget = call.budget();
        List<Text> parts = new ArrayList<>();
        for (Value item : Types.items(value, budget)) {
            Value part = arguments.has("attribute") ? Members.path(item, arguments.require("attribute"), budget) : item;
            parts.add(Printer.text(part, budget));
        }
        Text separator = Printer.text(arguments.get("d", Value.Str.own("")), budget);
        return new Value.Str(Strings.joined(parts, separator, budget));
    }

    private static Value indented(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "width", "first", "blank");
        Budget budget = call.budget();
        Value width = arguments.get("width", new Value.Int(4));
        Value space = width instanceof Value.Str ? width : Arithmetic.binary("*", Value.Str.own(" "), width, budget);
        Text indent = Printer.text(space, budget);
        boolean withBlank = arguments.flag("blank", false);
        Text.Builder out = new Text.Builder(budget);
        if (arguments.flag("first", false)) {
            out.append(indent);
        }
        // A line end at the end of the text has an empty line after it.
        Text text = new Text.Builder(budget)
                .append(Printer.text(value, budget))
                .append(LINE_END)
                .text();
        List<Text> lines = Strings.lines(text, false, budget);
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append(LINE_END);
            }
            if (i > 0 && (withBlank || !lines.get(i).isEmpty())) {
                out.append(indent);
            }
            out.append(lines.get(i));
        }
        return new Value.Str(out.text());
    }

    private static Value json(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = "";
        if (arguments.has("indent")) {
            Value width = arguments.require("indent");
            indent = width instanceof Value.Str str
                    ? str.chars()
                    : " ".repeat((int) Math.max(0, Math.min(100, Types.integer(width))));
        }
        String item = arguments.has("indent") ? "," : ", ";
        String key = ": ";
        if (arguments.has("separators")) {
            List<Value> separators = Types.items(arguments.require("separators"), call.budget());
            if (separators.size() != 2) {
                throw TemplateException.failed("separators must be two strings");
            }
            item = Printer.text(separators.get(0), call.budget()).chars();
            key = Printer.text(separators.get(1), call.budget()).chars();
        }
        JsonWriter.Form form = new JsonWriter.Form(
                arguments.flag("ensure_ascii", false),
                arguments.has("indent"),
                indent,
                item,
                key,
                arguments.flag("sort_keys", false));
        return new Value.Str(JsonWriter.write(value, form, call.budget()));
    }

    private static Text escaped(Text text, Budget budget) {
        Text.Builder out = new Text.Builder(budget);
        int from = 0;
        for (int i = 0; i < text.units(); i++) {
            String entity = switch (text.chars().charAt(i)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> "";
            };
            if (!entity.isEmpty()) {
                out.append(text.cut(from, i)).own(entity);
                from = i + 1;
            }
        }
        return out.append(text.cut(from, text.units())).text();
    }
}
