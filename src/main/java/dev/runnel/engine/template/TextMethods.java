package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of strings. */
final class TextMethods {

    private TextMethods() {}

    static @Nullable Value of(Text text, String name) {
        Value.Body body = switch (name) {
            case "strip" -> call -> stripped(text, call, true, true);
            case "lstrip" -> call -> stripped(text, call, true, false);
            case "rstrip" -> call -> stripped(text, call, false, true);
            case "split" -> call -> split(text, call, false);
            case "rsplit" -> call -> split(text, call, true);
            case "splitlines" -> call -> lines(text, call);
            case "startswith" -> call -> Value.of(any(text, call, String::startsWith));
            case "endswith" -> call -> Value.of(any(text, call, String::endsWith));
            case "removeprefix" -> call -> withoutStart(text, call);
            case "removesuffix" -> call -> withoutEnd(text, call);
            case "replace" -> call -> replaced(text, call);
            case "join" -> call -> joined(text, call);
            case "format" -> call -> new Value.Str(FieldFormat.apply(text, call));
            case "find" -> call -> new Value.Int(found(text, call, false));
            case "rfind" -> call -> new Value.Int(found(text, call, true));
            case "index" -> call -> new Value.Int(index(text, call));
            case "count" -> call -> new Value.Int(count(text, call));
            default -> changed(text, name);
        };
        return body == null ? null : new Value.Function(name, body);
    }

    /** The methods without arguments. */
    private static Value.@Nullable Body changed(Text text, String name) {
        return switch (name) {
            case "upper" -> call -> new Value.Str(text.changedTo(Strings.upper(text.chars())));
            case "lower", "casefold" -> call -> new Value.Str(text.changedTo(Strings.lower(text.chars())));
            case "title" -> call -> new Value.Str(Strings.titled(text));
            case "capitalize" -> call -> new Value.Str(Strings.capitalized(text));
            case "isdigit", "isdecimal", "isnumeric" -> call -> Value.of(all(text, Character::isDigit));
            case "isalpha" -> call -> Value.of(all(text, Character::isLetter));
            case "isalnum" -> call -> Value.of(all(text, Character::isLetterOrDigit));
            case "isspace" -> call -> Value.of(all(text, c -> c <= 0xFFFF && Chars.isSpace((char) c)));
            case "isupper" -> call -> Value.of(isCased(text, Strings.upper(text.chars())));
            case "islower" -> call -> Value.of(isCased(text, Strings.lower(text.chars())));
            default -> null;
        };
    }

    private static boolean all(Text text, IntPredicate rule) {
        return !text.isEmpty() && text.chars().codePoints().allMatch(rule);
    }

    private static boolean isCased(Text text, String same) {
        return text.chars().equals(same)
                && text.chars().codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    private static Value stripped(Text text, Value.Call call, boolean atStart, boolean atEnd) {
        Arguments arguments = Arguments.of(call, "chars");
        if (arguments.has("chars") && arguments.text("chars").isEmpty()) {
            return new Value.Str(text);
        }
        return new Value.Str(Strings.stripped(text, arguments.chars("chars", ""), atStart, atEnd));
    }

    private static Value split(Text text, Value.Call call, boolean fromEnd) {
        Arguments arguments = Arguments.of(call, "sep", "maxsplit");
        long most = arguments.integer("maxsplit", -1);
        Budget budget = call.budget();
        budget.reads(text.units());
        if (!arguments.has("sep")) {
            return Value.texts(Strings.words(text, most, fromEnd, budget));
        }
        String separator = arguments.text("sep").chars();
        if (separator.isEmpty()) {
            throw TemplateException.failed("empty separator");
        }
        return Value.texts(
                fromEnd
                        ? Strings.splitFromEnd(text, separator, most, budget)
                        : Strings.split(text, separator, most, budget));
    }

    private static Value lines(Text text, Value.Call call) {
        boolean keepsEnds = Arguments.of(call, "keepends").flag("keepends", false);
        return Value.texts(Strings.lines(text, keepsEnds, call.budget()));
    }

    private static boolean any(Text text, Value.Call call, BiPredicate<String, String> rule) {
        Value part = Arguments.of(call, "part").require("part");
        List<Value> parts = part instanceof Value.Seq seq && seq.isTuple() ? seq.items() : List.of(part);
        for (Value each : parts) {
            if (!(each instanceof Value.Str str)) {
                throw Types.missing(each, "a part must be str or a tuple of str, not " + Types.name(each));
            }
            if (rule.test(text.chars(), str.chars())) {
                return true;
            }
        }
        return false;
    }

    private static Value withoutStart(Text text, Value.Call call) {
        String start = Arguments.of(call, "prefix").text("prefix").chars();
        return new Value.Str(text.chars().startsWith(start) ? text.cut(start.length(), text.units()) : text);
    }

    private static Value withoutEnd(Text text, Value.Call call) {
        String end = Arguments.of(call, "suffix").text("suffix").chars();
        return new Value.Str(text.chars().endsWith(end) ? text.cut(0, text.units() - end.length()) : text);
    }

    private static Value replaced(Text text, Value.Call call) {
        Arguments arguments = Arguments.of(call, "old", "new", "count");
        String old = arguments.text("old").chars();
        Text by = arguments.text("new");
        return new Value.Str(Strings.replaced(text, old, by, arguments.integer("count", -1), call.budget()));
    }

    private static Value joined(Text separator, Value.Call call) {
        Value items = Arguments.of(call, "iterable").require("iterable");
        List<Text> parts = new ArrayList<>();
        for (Value item : Types.items(items, call.budget())) {
            if (!(item instanceof Value.Str str)) {
                throw Types.missing(item, "sequence item: expected str instance, " + Types.name(item) + " found");
            }
            parts.add(str.text());
        }
        return new Value.Str(Strings.joined(parts, separator, call.budget()));
    }

    /** The place of a part in code points, or -1. */
    private static int found(Text text, Value.Call call, boolean fromEnd) {
        String part = Arguments.of(call, "part").text("part").chars();
        call.budget().reads(text.units());
        int at = fromEnd ? text.chars().lastIndexOf(part) : text.chars().indexOf(part);
        return at < 0 ? -1 : text.chars().codePointCount(0, at);
    }

    private static int index(Text text, Value.Call call) {
        int at = found(text, call, false);
        if (at < 0) {
            throw TemplateException.failed("substring not found");
        }
        return at;
    }

    private static long count(Text text, Value.Call call) {
        String part = Arguments.of(call, "part").text("part").chars();
        call.budget().reads(text.units());
        if (part.isEmpty()) {
            return 1 + Types.length(new Value.Str(text));
        }
        int count = 0;
        for (int at = text.chars().indexOf(part); at >= 0; at = text.chars().indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
