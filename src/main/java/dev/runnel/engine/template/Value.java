package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a template. No other Java object is reachable from a template. */
public sealed interface Value {

    /** The absent value that prints as {@code None}. */
    Value NONE = new None();

    /** True. */
    Value TRUE = new Bool(true);

    /** False. */
    Value FALSE = new Bool(false);

    /** A string. */
    record Str(Text text) implements Value {

        /** One of the template's own. */
        public static Str own(String chars) {
            return new Str(Text.own(chars));
        }

        /** One of a caller. */
        public static Str foreign(String chars) {
            return new Str(Text.foreign(chars));
        }

        String chars() {
            return text.chars();
        }
    }

    /** An integer. */
    record Int(long value) implements Value {}

    /** A floating-point number. */
    record Real(double value) implements Value {}

    /** A truth value. */
    record Bool(boolean value) implements Value {}

    /** The value of {@link #NONE}. */
    record None() implements Value {}

    /**
     * What a name or a member without a value gives. It prints as nothing; most other uses are an error.
     *
     * @param problem what is missing, for the message of the error
     */
    record Undefined(String problem) implements Value {

        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /**
     * A list or a tuple.
     *
     * @param items its elements; a list that the template cannot change
     * @param isTuple whether it prints in round brackets
     * @param depth 1 more than that of its deepest element
     */
    record Seq(List<Value> items, boolean isTuple, int depth) implements Value {

        static Seq list(List<Value> items) {
            return new Seq(items, false, 1 + depthOf(items));
        }

        static Seq tuple(Value... items) {
            List<Value> list = List.of(items);
            return new Seq(list, true, 1 + depthOf(list));
        }
    }

    /**
     * A map, in the order of its entries.
     *
     * @param entries its entries, which the template cannot change
     * @param depth 1 more than that of its deepest value
     */
    record Dict(Map<Value, Value> entries, int depth) implements Value {

        static Dict of(Map<Value, Value> entries) {
            return new Dict(entries, 1 + Math.max(depthOf(entries.keySet()), depthOf(entries.values())));
        }
    }

    /** What {@code namespace()} makes: the only value that a template changes. Equal to itself only. */
    final class Namespace implements Value {

        private final Map<String, Value> members;

        Namespace(Map<String, Value> members) {
            this.members = new HashMap<>(members);
        }

        Map<String, Value> members() {
            return members;
        }
    }

    /** The {@code loop} of one iteration. Equal to itself only. */
    final class Loop implements Value {

        private final List<Value> items;
        private final int index;

        Loop(List<Value> items, int index) {
            this.items = items;
            this.index = index;
        }

        List<Value> items() {
            return items;
        }

        /** Of the iteration, from 0. */
        int index() {
            return index;
        }
    }

    /** A function: a global one, a method of a value, or a macro. Equal to itself only. */
    final class Function implements Value {

        private final String name;
        private final Body body;

        Function(String name, Body body) {
            this.name = name;
            this.body = body;
        }

        String name() {
            return name;
        }

        Value call(Call call) {
            return body.call(call);
        }
    }

    /** What a function does. */
    interface Body {

        /** The result. */
        Value call(Call call);
    }

    /**
     * A call of a function, a filter or a test.
     *
     * @param function its name in the template, for messages
     * @param budget of the rendering
     * @param positional in their order
     * @param named by name
     */
    record Call(String function, Budget budget, List<Value> positional, Map<String, Value> named) {}

    /** A list. */
    static Value list(Collection<? extends Value> items) {
        return Seq.list(List.copyOf(items));
    }

    /** A map from texts of the template. */
    static Value dict(Map<String, Value> members) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        members.forEach((name, value) -> entries.put(Str.own(name), value));
        return Dict.of(entries);
    }

    /** A truth value. */
    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** The strings of a list. */
    static Value texts(Collection<Text> texts) {
        List<Value> items = new ArrayList<>(texts.size());
        texts.forEach(text -> items.add(new Str(text)));
        return Seq.list(items);
    }

    /** The depth of the deepest of these values; 0 for values without elements. */
    private static int depthOf(Collection<Value> values) {
        int deepest = 0;
        for (Value value : values) {
            if (value instanceof Seq seq) {
                deepest = Math.max(deepest, seq.depth());
            } else if (value instanceof Dict dict) {
                deepest = Math.max(deepest, dict.depth());
            }
        }
        return deepest;
    }
}
