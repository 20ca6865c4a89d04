package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters for lists and maps. */
final class ListFilters {

    private ListFilters() {}

    static void addTo(Library library) {
        library.add("length", (value, call) -> new Value.Int(Types.length(value)));
        library.add("count", (value, call) -> new Value.Int(Types.length(value)));
        library.add("list", ListFilters::listed);
        library.add("first", (value, call) -> end(value, call, true));
        library.add("last", (value, call) -> end(value, call, false));
        library.add("reverse", ListFilters::reversed);
        library.add("items", ListFilters::entries);
        library.add("dictsort", ListFilters::sortedEntries);
        library.add("sort", ListFilters::sorted);
        library.add("unique", ListFilters::unique);
        library.add("batch", ListFilters::batches);
        library.add("min", (value, call) -> extreme(value, call, -1));
        library.add("max", (value, call) -> extreme(value, call, 1));
        library.add("sum", ListFilters::sum);
        library.add("groupby", ListFilters::grouped);
    }

    private static Value listed(Value value, Value.Call call) {
        List<Value> items = Types.items(value, call.budget());
        call.budget().elements(items.size());
        return Value.list(items);
    }

    private static Value end(Value value, Value.Call call, boolean first) {
        if (value instanceof Value.Str str && !str.text().isEmpty()) {
            return Members.item(value, new Value.Int(first ? 0 : -1), call.budget());
        }
        List<Value> items = Types.items(value, call.budget());
        if (items.isEmpty()) {
            return new Value.Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return items.get(first ? 0 : items.size() - 1);
    }

    private static Value reversed(Value value, Value.Call call) {
        List<Value> items = new ArrayList<>(Types.items(value, call.budget()));
        call.budget().elements(items.size());
        Collections.reverse(items);
        return value instanceof Value.Str ? Arithmetic.joined(items, call.budget()) : Value.list(items);
    }

    private static Value entries(Value value, Value.Call call) {
        if (value instanceof Value.Undefined) {
            return Value.list(List.of());
        }
        return ContainerMethods.entries(dict(value), call.budget());
    }

    private static Value.Dict dict(Value value) {
        if (value instanceof Value.Dict dict) {
            return dict;
        }
        throw Types.missing(value, "can only get item pairs from a mapping");
    }

    private static Value sortedEntries(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "case_sensitive", "by", "reverse");
        boolean exact = arguments.flag("case_sensitive", false);
        long place = arguments.chars("by", "key").equals("value") ? 1 : 0;
        Value entries = ContainerMethods.entries(dict(value), call.budget());
        return sorted(entries, new Value.Int(place), exact, arguments.flag("reverse", false), call.budget());
    }

    private static Value sorted(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "reverse", "case_sensitive", "attribute");
        return sorted(
                value,
                arguments.get("attribute", Value.NONE),
                arguments.flag("case_sensitive", false),
                arguments.flag("reverse", false),
                call.budget());
    }

    private static Value sorted(Value value, Value by, boolean exact, boolean reverse, Budget budget) {
        List<Map.Entry<Value, Value>> keyed = new ArrayList<>();
        for (Value item : Types.items(value, budget)) {
            budget.elements(1);
            keyed.add(Map.entry(key(item, by, exact, budget), item));
        }
        Comparator<Map.Entry<Value, Value>> order = (a, b) -> {
            budget.step();
            return Comparison.order(a.getKey(), b.getKey(), "<");
        };
        keyed.sort(reverse ? order.reversed() : order);
        return Value.list(keyed.stream().map(Map.Entry::getValue).toList());
    }

    /** What an item is compared by; {@code none} as {@code by} is the item. */
    private static Value key(Value item, Value by, boolean exact, Budget budget) {
        Value key = by instanceof Value.None ? item : Members.path(item, by, budget);
        return exact || !(key instanceof Value.Str str) ? key : Value.Str.own(Strings.lower(str.chars()));
    }

    private static Value unique(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "case_sensitive", "attribute");
        Value by = arguments.get("attribute", Value.NONE);
        boolean exact = arguments.flag("case_sensitive", false);
        Set<Value> seen = new HashSet<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : Types.items(value, call.budget())) {
            call.budget().elements(1);
            if (seen.add(key(item, by, exact, call.budget()))) {
                kept.add(item);
            }
        }
        return Value.list(kept);
    }

    private static Value batches(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "linecount", "fill_with");
        long size = Types.integer(arguments.require("linecount"));
        if (size < 1) {
            throw TemplateException.failed("linecount must be 1 or more");
        }
        List<Value> batches = new ArrayList<>();
        List<Value> batch = new ArrayList<>();
        for (Value item : Types.items(value, call.budget())) {
            call.budget().elements(2);
            batch.add(item);
            if (batch.size() == size) {
                batches.add(Value.list(batch));
                batch = new ArrayList<>();
            }
        }
        if (!batch.isEmpty()) {
            while (arguments.has("fill_with") && batch.size() < size) {
                call.budget().elements(1);
                batch.add(arguments.require("fill_with"));
            }
            batches.add(Value.list(batch));
        }
        return Value.list(batches);
    }

    private static Value extreme(Value value, Value.Call call, int sign) {
        Arguments arguments = Arguments.of(call, "case_sensitive", "attribute");
        Value by = arguments.get("attribute", Value.NONE);
        boolean exact = arguments.flag("case_sensitive", false);
        Value best = null;
        for (Value item : Types.items(value, call.budget())) {
            call.budget().step();
            if (best == null
                    || sign
                                    * Comparison.order(
                                            key(item, by, exact, call.budget()),
                                            key(best, by, exact, call.budget()),
                                            "<")
                            > 0) {
                best = item;
            }
        }
        return best == null ? new Value.Undefined("No aggregated item, sequence was empty.") : best;
    }

    private static Value sum(Value value, Value.Call call) {
        Arguments arguments = Arguments.of(call, "attribute", "start");
        Value total = arguments.get("start", new Value.Int(0));
        for (Value item : Types.items(value, call.budget())) {
            Value more = arguments.has("attribute")
                    ? Members.path(item, arguments.require("attribute"), call.budget())
                    : item;
            total = Arithmetic.binary("+", total, more, call.budget());
        }
        return total;
    }

    /** Tuples of a key and the items that have it, in the order of the keys. */
    private static Value grouped(Value value, Value.Call call) {
        Value by = Arguments.of(call, "attribute").require("attribute");
        Value sorted = sorted(value, by, true, false, call.budget());
        List<Value> groups = new ArrayList<>();
        List<Value> group = new ArrayList<>();
        Value key = null;
        for (Value item : Types.items(sorted, call.budget())) {
            call.budget().elements(2);
            Value own = Members.path(item, by, call.budget());
            if (key != null && !Comparison.equal(key, own)) {
                groups.add(Value.Seq.tuple(key, Value.list(group)));
                group = new ArrayList<>();
            }
            key = own;
            group.add(item);
        }
        if (key != null) {
            groups.add(Value.Seq.tuple(key, Value.list(group)));
        }
        return Value.list(groups);
    }
}
