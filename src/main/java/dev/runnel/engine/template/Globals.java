package dev.runnel.engine.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The functions that every template has. */
final class Globals {

    private static final int LONGEST_MESSAGE = 256;

    private Globals() {}

    static void addTo(Scope scope, Supplier<LocalDateTime> now) {
        add(scope, "range", Globals::range);
        add(scope, "dict", Globals::dict);
        add(scope, "namespace", Globals::namespace);
        add(scope, "raise_exception", Globals::raise);
        add(scope, "strftime_now", call -> {
            Text format = Arguments.of(call, "format").text("format");
            return Value.Str.own(DateFormat.format(now.get(), format.chars()));
        });
    }

    private static void add(Scope scope, String name, Value.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private static Value range(Value.Call call) {
        List<Value> arguments = call.positional();
        if (arguments.isEmpty() || arguments.size() > 3 || !call.named().isEmpty()) {
            throw TemplateException.failed("range() takes 1 to 3 arguments");
        }
        long start = arguments.size() == 1 ? 0 : Types.integer(arguments.get(0));
        long end = Types.integer(arguments.get(arguments.size() == 1 ? 0 : 1));
        long step = arguments.size() < 3 ? 1 : Types.integer(arguments.get(2));
        if (step == 0) {
            throw TemplateException.failed("range() arg 3 must not be zero");
        }
        double count = Math.max(0, Math.ceil(((double) end - start) / step));
        call.budget().range((long) count);
        List<Value> items = new ArrayList<>((int) count);
        for (int i = 0; i < (int) count; i++) {
            items.add(new Value.Int(start + i * step));
        }
        return Value.list(items);
    }

    private static Value dict(Value.Call call) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Value value : call.positional()) {
            if (!(value instanceof Value.Dict dict)) {
                throw Types.missing(value, "dict() takes maps and named arguments");
            }
            entries.putAll(dict.entries());
        }
        call.named().forEach((name, value) -> entries.put(Value.Str.own(name), value));
        call.budget().elements(entries.size());
        return Value.Dict.of(entries);
    }

    private static Value namespace(Value.Call call) {
        Map<String, Value> members = new HashMap<>();
        Value.Dict start = (Value.Dict) dict(call);
        start.entries()
                .forEach((name, value) ->
                        members.put(Printer.text(name, call.budget()).chars(), value));
        return new Value.Namespace(members);
    }

    /** The message goes to the caller, so it repeats no text of a caller. */
    private static Value raise(Value.Call call) {
        Text message = Printer.text(Arguments.of(call, "message").require("message"), call.budget());
        String shown = message.pieces().stream()
                .map(piece -> piece.isForeign() ? "…" : piece.chars())
                .collect(Collectors.joining());
        throw new TemplateException(TemplateException.Kind.RAISED, oneLine(shown));
    }

    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder();
        message.codePoints()
                .limit(LONGEST_MESSAGE)
                .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString();
    }
}
