package dev.runnel.engine.template;

/** Jinja's tests. */
final class Tests {

    private Tests() {}

    static void addTo(Library library) {
        types(library);
        comparisons(library);
        library.addTest("divisibleby", (value, call) -> {
            long by = Types.integer(Arguments.of(call, "num").require("num"));
            return by != 0 && Types.integer(value) % by == 0;
        });
        library.addTest("even", (value, call) -> Types.integer(value) % 2 == 0);
        library.addTest("odd", (value, call) -> Types.integer(value) % 2 != 0);
        library.addTest("lower", (value, call) -> isCased(value, call, "islower"));
        library.addTest("upper", (value, call) -> isCased(value, call, "isupper"));
        library.addTest(
                "filter",
                (value, call) ->
                        library.hasFilter(Printer.text(value, call.budget()).chars()));
        library.addTest(
                "test",
                (value, call) ->
                        library.hasTest(Printer.text(value, call.budget()).chars()));
    }

    private static void types(Library library) {
        library.addTest("defined", (value, call) -> !(value instanceof Value.Undefined));
        library.addTest("undefined", (value, call) -> value instanceof Value.Undefined);
        library.addTest("none", (value, call) -> value instanceof Value.None);
        library.addTest("boolean", (value, call) -> value instanceof Value.Bool);
        library.addTest("true", (value, call) -> value.equals(Value.TRUE));
        library.addTest("false", (value, call) -> value.equals(Value.FALSE));
        library.addTest("integer", (value, call) -> value instanceof Value.Int);
        library.addTest("float", (value, call) -> value instanceof Value.Real);
        library.addTest("number", (value, call) -> Types.isNumber(value));
        library.addTest("string", (value, call) -> value instanceof Value.Str);
        library.addTest("mapping", (value, call) -> value instanceof Value.Dict);
        library.addTest("iterable", (value, call) -> Types.isIterable(value));
        library.addTest("sequence", (value, call) -> Types.isIterable(value));
        library.addTest("callable", (value, call) -> value instanceof Value.Function);
        library.addTest("escaped", (value, call) -> false);
    }

    private static void comparisons(Library library) {
        compared(library, "==", "eq", "equalto", "==");
        compared(library, "!=", "ne", "!=");
        compared(library, "<", "lt", "lessthan", "<");
        compared(library, "<=", "le", "<=");
        compared(library, ">", "gt", "greaterthan", ">");
        compared(library, ">=", "ge", ">=");
        compared(library, "in", "in");
        library.addTest("sameas", (value, call) -> {
            Value other = Arguments.of(call, "other").require("other");
            return Types.name(value).equals(Types.name(other)) && value.equals(other);
        });
    }

    private static void compared(Library library, String operator, String... names) {
        for (String name : names) {
            library.addTest(name, (value, call) -> {
                Value other = Arguments.of(call, "other").require("other");
                return Comparison.holds(operator, value, other, call.budget());
            });
        }
    }

    private static boolean isCased(Value value, Value.Call call, String method) {
        Value.Str text = new Value.Str(Printer.text(value, call.budget()));
        Value found = Members.attribute(text, method);
        return found instanceof Value.Function function && Types.isTrue(function.call(call));
    }
}
