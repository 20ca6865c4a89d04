package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of lists and maps. Those that would change one do not exist. */
final class ContainerMethods {

    private ContainerMethods() {}

    static @Nullable Value of(Value.Dict dict, String name) {
        return switch (name) {
            case "keys" -> new Value.Function(name, call -> keys(dict, call));
            case "values" -> new Value.Function(name, call -> values(dict, call));
            case "items" -> new Value.Function(name, call -> entries(dict, call.budget()));
            case "get" ->
                new Value.Function(name, call -> {
                    Arguments arguments = Arguments.of(call, "key", "default");
                    Value found = dict.entries().get(arguments.require("key"));
                    return found == null ? arguments.get("default", Value.NONE) : found;
                });
            case "copy" -> new Value.Function(name, call -> dict);
            default -> null;
        };
    }

    private static Value keys(Value.Dict dict, Value.Call call) {
        call.budget().elements(dict.entries().size());
        return Value.list(dict.entries().keySet());
    }

    private static Value values(Value.Dict dict, Value.Call call) {
        call.budget().elements(dict.entries().size());
        return Value.list(dict.entries().values());
    }

    /** The entries as tuples of two. */
    static Value entries(Value.Dict dict, Budget budget) {
        budget.elements(3L * dict.entries().size());
        List<Value> entries = new ArrayList<>(dict.entries().size());
        for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
            entries.add(Value.Seq.tuple(entry.getKey(), entry.getValue()));
        }
        return Value.Seq.list(entries);
    }

    static @Nullable Value of(Value.Seq seq, String name) {
        return switch (name) {
            case "index" -> new Value.Function(name, call -> new Value.Int(index(seq, call)));
            case "count" ->
                new Value.Function(name, call -> {
                    Value item = Arguments.of(call, "value").require("value");
                    return new Value.Int(seq.items().stream()
                            .filter(each -> Comparison.equal(each, item))
                            .count());
                });
            case "copy" -> new Value.Function(name, call -> seq);
            default -> null;
        };
    }

    private static int index(Value.Seq seq, Value.Call call) {
        Value item = Arguments.of(call, "value").require("value");
        call.budget().reads(seq.items().size());
        for (int i = 0; i < seq.items().size(); i++) {
            if (Comparison.equal(seq.items().get(i), item)) {
                return i;
            }
        }
        throw TemplateException.failed("the value is not in the list");
    }
}
