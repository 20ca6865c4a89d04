package dev.runnel.engine.template;

import java.util.Map;

/** Filters for numbers, and those for any value. */
final class ScalarFilters {

    private ScalarFilters() {}

    static void addTo(Library library) {
        library.add("default", ScalarFilters::defaulted);
        library.add("d", ScalarFilters::defaulted);
        library.add("int", ScalarFilters::integer);
        library.add("float", ScalarFilters::real);
        library.add("abs", ScalarFilters::absolute);
        library.add("round", ScalarFilters::rounded);
        library.add("attr", (value, call) -> {
            String name = Arguments.of(call, "name").text("name").chars();
            // As in Jinja, no entry of a map is read.
            return Members.attribute(value instanceof Value.Dict ? Value.Dict.of(Map.of()) : value, name);
        });
    }

    private static Value defaulted(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "default_value", "boolean");
        boolean isMissing =
                value instanceof Value.Undefined || (arguments.flag("boolean", false) && !Types.isTrue(value));
        return isMissing ? arguments.get("default_value", Value.Str.own("")) : value;
    }

    private static Value integer(Value value, Value.Call call) {
        Value otherwise = Arguments.of(call, "default", "base").get("default", new Value.Int(0));
        if (value instanceof Value.Str str) {
            return Numbers.integer(str.chars())
                    .or(() -> Numbers.real(str.chars()).map(Double::longValue))
                    .<Value>map(Value.Int::new)
                    .orElse(otherwise);
        }
        if (value instanceof Value.Real number) {
            return new Value.Int((long) number.value());
        }
        return Types.isNumber(value) ? new Value.Int(Types.integer(value)) : otherwise;
    }

    private static Value real(Value value, Value.Call call) {
        Value otherwise = Arguments.of(call, "default").get("default", new Value.Real(0));
        if (value instanceof Value.Str str) {
            return Numbers.real(str.chars()).<Value>map(Value.Real::new).orElse(otherwise);
        }
        return Types.isNumber(value) ? new Value.Real(Types.real(value)) : otherwise;
    }

    private static Value absolute(Value value, Value.Call call) {
        if (value instanceof Value.Real number) {
            return new Value.Real(Math.abs(number.value()));
        }
        return new Value.Int(Math.abs(Types.integer(value)));
    }

    private static Value rounded(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "precision", "method");
        String method = arguments.chars("method", "common");
        double result = Numbers.rounded(Types.real(value), arguments.integer("precision", 0), method);
        return value instanceof Value.Real || !method.equals("common")
                ? new Value.Real(result)
                : new Value.Int((long) result);
    }
}
