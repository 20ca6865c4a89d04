package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;

/** Filters that apply another filter or a test to each element. */
final class SelectFilters {

    private final Library library;

    private SelectFilters(Library library) {
        this.library = library;
    }

    static void addTo(Library library) {
        SelectFilters filters = new SelectFilters(library);
        library.add("map", filters::mapped);
        library.add("select", (value, call) -> filters.selected(value, call, false, true));
        library.add("reject", (value, call) -> filters.selected(value, call, false, false));
        library.add("selectattr", (value, call) -> filters.selected(value, call, true, true));
        library.add("rejectattr", (value, call) -> filters.selected(value, call, true, false));
    }

    /** As in Jinja, a value that is not true has no elements. */
    private static List<Value> items(Value value, Value.Call call) {
        return Types.isTrue(value) ? Types.items(value, call.budget()) : List.of();
    }

    private Value mapped(Value value, Value.Call call) {
        List<Value> results = new ArrayList<>();
        for (Value item : items(value, call)) {
            call.budget().step();
            call.budget().elements(1);
            results.add(call.positional().isEmpty() ? member(item, call) : filtered(item, call));
        }
        return Value.list(results);
    }

    private static Value member(Value item, Value.Call call) {
        Arguments arguments = Arguments.of(call, "attribute", "default");
        Value found = Members.path(item, arguments.require("attribute"), call.budget());
        return found instanceof Value.Undefined ? arguments.get("default", found) : found;
    }

    private Value filtered(Value item, Value.Call call) {
        Value.Call filter = nested(call, 0);
        return library.filter(filter.function()).apply(item, filter);
    }

    /** The call of the filter or test that an argument names, with the arguments after it. */
    private static Value.Call nested(Value.Call call, int place) {
        List<Value> arguments = call.positional();
        return new Value.Call(
                name(arguments.get(place)),
                call.budget(),
                arguments.subList(place + 1, arguments.size()),
                call.named());
    }

    private static String name(Value value) {
        if (value instanceof Value.Str str) {
            return str.chars();
        }
        throw Types.missing(value, "the name of a filter or test must be a str");
    }

    private Value selected(Value value, Value.Call call, boolean byMember, boolean keeps) {
        List<Value> rest = call.positional();
        if (byMember && rest.isEmpty()) {
            throw TemplateException.failed("the argument 'attribute' is missing");
        }
        int testPlace = byMember ? 1 : 0;
        List<Value> kept = new ArrayList<>();
        for (Value item : items(value, call)) {
            call.budget().step();
            call.budget().elements(1);
            Value subject = byMember ? Members.path(item, rest.get(0), call.budget()) : item;
            boolean holds = rest.size() > testPlace ? holds(subject, nested(call, testPlace)) : Types.isTrue(subject);
            if (holds == keeps) {
                kept.add(item);
            }
        }
        return Value.list(kept);
    }

    private boolean holds(Value subject, Value.Call test) {
        return library.test(test.function()).holds(subject, test);
    }

    /** A library with all filters and tests. */
    static Library complete() {
        Library library = new Library();
        Tests.addTo(library);
        TextFilters.addTo(library);
        ListFilters.addTo(library);
        ScalarFilters.addTo(library);
        addTo(library);
        return library;
    }
}
