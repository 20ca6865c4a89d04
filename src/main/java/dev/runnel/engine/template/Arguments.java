package dev.runnel.engine.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, by the names of its parameters. */
final class Arguments {

    private final Value.Call call;
    private final List<String> names;

    private Arguments(Value.Call call, List<String> names) {
        this.call = call;
        this.names = names;
    }

    /**
     * Binds the arguments of a call.
     *
     * @param names of its parameters, in their order
     */
    static Arguments of(Value.Call call, String... names) {
        String function = call.function();
        List<String> list = List.of(names);
        if (call.positional().size() > list.size()) {
            throw TemplateException.failed(function + "() takes at most " + list.size() + " arguments, not "
                    + call.positional().size());
        }
        for (String name : call.named().keySet()) {
            int place = list.indexOf(name);
            if (place < 0) {
                throw TemplateException.failed(function + "() has no argument '" + name + "'");
            }
            if (place < call.positional().size()) {
                throw TemplateException.failed(function + "() got two values for '" + name + "'");
            }
        }
        return new Arguments(call, list);
    }

    /** The argument of a parameter; {@code null} if it is not given. */
    @Nullable
    Value get(String name) {
        int place = names.indexOf(name);
        return place < call.positional().size()
                ? call.positional().get(place)
                : call.named().get(name);
    }

    Value require(String name) {
        Value value = get(name);
        if (value == null) {
            throw TemplateException.failed("the argument '" + name + "' is missing");
        }
        return value;
    }

    Value get(String name, Value otherwise) {
        Value value = get(name);
        return value == null ? otherwise : value;
    }

    /** Whether a value other than {@code none} is given. */
    boolean has(String name) {
        Value value = get(name);
        return value != null && !(value instanceof Value.None);
    }

    boolean flag(String name, boolean otherwise) {
        Value value = get(name);
        return value == null ? otherwise : Types.isTrue(value);
    }

    /** An integer; {@code none} is as absent. */
    long integer(String name, long otherwise) {
        return has(name) ? Types.integer(require(name)) : otherwise;
    }

    /** A string. */
    Text text(String name) {
        Value value = require(name);
        if (value instanceof Value.Str str) {
            return str.text();
        }
        throw Types.missing(value, "the argument '" + name + "' is a " + Types.name(value) + ", not a str");
    }

    /** The characters of a string; {@code none} is as absent. */
    String chars(String name, String otherwise) {
        return has(name) ? text(name).chars() : otherwise;
    }
}
