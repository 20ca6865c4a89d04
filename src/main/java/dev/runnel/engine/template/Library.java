package dev.runnel.engine.template;

import java.util.HashMap;
import java.util.Map;

/** The filters and tests by name. */
final class Library {

    /** {@code value | name(…)}. */
    interface Filter {

        /** The filtered value. */
        Value apply(Value value, Value.Call call);
    }

    /** {@code value is name(…)}. */
    interface Test {

        /** Whether it holds. */
        boolean holds(Value value, Value.Call call);
    }

    private final Map<String, Filter> filters = new HashMap<>();
    private final Map<String, Test> tests = new HashMap<>();

    void add(String name, Filter filter) {
        filters.put(name, filter);
    }

    void addTest(String name, Test test) {
        tests.put(name, test);
    }

    boolean hasFilter(String name) {
        return filters.containsKey(name);
    }

    boolean hasTest(String name) {
        return tests.containsKey(name);
    }

    Filter filter(String name) {
        Filter filter = filters.get(name);
        if (filter == null) {
            throw TemplateException.failed("no filter named '" + name + "'");
        }
        return filter;
    }

    Test test(String name) {
        Test test = tests.get(name);
        if (test == null) {
            throw TemplateException.failed("no test named '" + name + "'");
        }
        return test;
    }
}
