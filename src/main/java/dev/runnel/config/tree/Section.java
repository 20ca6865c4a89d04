package dev.runnel.config.tree;

import dev.runnel.text.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object of the configuration by {@link Rule}s and collects complaints, one line each: {@code http.port:
 * 70000 (expected: 0 … 65535)}. After a complaint, the method returns a value that obeys the rule. So one pass finds
 * all complaints; the caller must check them before it uses any value. A key without a value counts as missing.
 *
 * <p>For one thread.
 */
public final class Section {

    private final String path;
    private final Map<String, ?> values;
    private final List<String> complaints;
    private final Map<String, List<Section>> known = new TreeMap<>();

    private Section(String path, Map<String, ?> values, List<String> complaints) {
        this.path = path;
        this.values = values;
        this.complaints = complaints;
    }

    /**
     * A section of an object.
     *
     * @param path prefix of the keys in complaints; empty at the root
     * @param values texts, numbers, booleans, lists and maps of these
     * @param complaints receives the complaints
     */
    public static Section of(String path, Map<String, ?> values, List<String> complaints) {
        return new Section(path, values, complaints);
    }

    /** The path in the configuration, {@code models[1].sampling}; empty at the root. */
    public String path() {
        return path;
    }

    /** Whether no complaint names this key so far. Only then may its value be compared with others. */
    public boolean isSound(String key) {
        String start = pathOf(key) + ": ";
        return complaints.stream().noneMatch(complaint -> complaint.startsWith(start));
    }

    /** Whether the key has a value. */
    public boolean has(String key) {
        return raw(key) != null;
    }

    /** The value of a mandatory key. */
    public <T> T required(String key, Rule<T> rule) {
        if (raw(key) == null) {
            complaints.add(pathOf(key) + ": missing (expected: " + rule.expected() + ")");
        }
        return optional(key, rule).orElse(rule.standIn());
    }

    /** The value, or {@code fallback} if the key is missing. */
    public <T> T value(String key, Rule<T> rule, T fallback) {
        return optional(key, rule).orElse(fallback);
    }

    /** The value, or empty if the key is missing. */
    public <T> Optional<T> optional(String key, Rule<T> rule) {
        Object value = raw(key);
        return value == null ? Optional.empty() : Optional.of(parsed(pathOf(key), value, rule));
    }

    /** The values of a list; empty if the key is missing. */
    public <T> List<T> list(String key, Rule<T> rule) {
        List<T> found = new ArrayList<>();
        List<?> items = items(key, "a list");
        for (int i = 0; i < items.size(); i++) {
            found.add(parsed(pathOf(key) + "[" + i + "]", items.get(i), rule));
        }
        return List.copyOf(found);
    }

    /** The object under a key; an empty object if the key is missing. */
    public Section section(String key) {
        Object value = raw(key);
        if (value == null || value instanceof Map) {
            return child(key, pathOf(key), value instanceof Map<?, ?> map ? textKeys(map) : Map.of());
        }
        complainOfShape(pathOf(key), value, "an object");
        return new Section(
                pathOf(key), Map.of(), new ArrayList<>()); // One complaint is enough: those of its keys are dropped.
    }

    /** As {@link #list}; a single value is a list of one. */
    public <T> List<T> values(String key, Rule<T> rule) {
        Object value = raw(key);
        boolean isSingle = value != null && !(value instanceof Map) && !(value instanceof List);
        return isSingle ? List.of(parsed(pathOf(key), value, rule)) : list(key, rule);
    }

    /** The objects of a list; empty if the key is missing. */
    public List<Section> sections(String key) {
        List<Section> found = new ArrayList<>();
        List<?> items = items(key, "a list of objects");
        for (int i = 0; i < items.size(); i++) {
            String place = pathOf(key) + "[" + i + "]";
            if (items.get(i) instanceof Map<?, ?> map) {
                found.add(child(key, place, textKeys(map)));
            } else {
                complainOfShape(place, items.get(i), "an object");
            }
        }
        return List.copyOf(found);
    }

    /** The objects of a mandatory list that must not be empty. */
    public List<Section> requiredSections(String key) {
        Object value = raw(key);
        if (value == null || (value instanceof List<?> list && list.isEmpty())) {
            String shape = value == null ? "missing" : "an empty list";
            complaints.add(pathOf(key) + ": " + shape + " (expected: a list of at least one object)");
        }
        return sections(key);
    }

    /** The keys that were not read yet, with their values. {@link #done} does not complain about them. */
    public Map<String, Object> rest() {
        Map<String, Object> rest = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (value != null && !known.containsKey(key)) {
                rest.put(key, value);
            }
        });
        rest.keySet().forEach(this::know);
        return rest;
    }

    /** Declares a key that other code reads, so that {@link #done} does not complain about it. */
    public void know(String key) {
        known.computeIfAbsent(key, k -> new ArrayList<>());
    }

    /** Adds a complaint about a key whose value breaks a rule that involves other keys. */
    public void complain(String key, Object value, String expected) {
        complaints.add(pathOf(key) + ": " + shown(String.valueOf(value)) + " (expected: " + expected + ")");
    }

    /** Adds a complaint about this section as a whole. */
    public void complain(String what, String expected) {
        complaints.add((path.isEmpty() ? "" : path + ": ") + shown(what) + " (expected: " + expected + ")");
    }

    /** Adds a complaint of another reader of this section, in the form {@code key: value (expected: rule)}. */
    public void addComplaint(String complaint) {
        complaints.add(pathOf(complaint));
    }

    /**
     * Complains about every key, here and in the sections below, that was not read. Call it after all keys were read.
     */
    public void done() {
        for (String key : values.keySet()) {
            List<Section> children = known.get(key);
            if (children == null) {
                complaints.add(pathOf(shown(key)) + ": unknown key" + hint(key));
            } else {
                children.forEach(Section::done);
                children.clear();
            }
        }
    }

    private String hint(String key) {
        return Nearest.to(key, known.keySet())
                .map(name -> " (did you mean " + name + "?)")
                .orElse("");
    }

    private @Nullable Object raw(String key) {
        know(key);
        return values.get(key);
    }

    private Section child(String key, String place, Map<String, Object> object) {
        Section child = new Section(place, object, complaints);
        Objects.requireNonNull(known.get(key)).add(child);
        return child;
    }

    private List<?> items(String key, String expected) {
        Object value = raw(key);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value != null) {
            complainOfShape(pathOf(key), value, expected);
        }
        return List.of();
    }

    private <T> T parsed(String place, @Nullable Object value, Rule<T> rule) {
        if (value == null || value instanceof Map || value instanceof List) {
            complainOfShape(place, value, rule.expected());
            return rule.standIn();
        }
        String text = value.toString();
        return rule.parse().apply(text).orElseGet(() -> {
            String shown = rule.hidden() ? text.length() + " characters" : shown(text);
            complaints.add(place + ": " + shown + " (expected: " + rule.expected() + ")");
            return rule.standIn();
        });
    }

    private void complainOfShape(String place, @Nullable Object value, String expected) {
        String shape = "a single value";
        if (value == null) {
            shape = "nothing";
        } else if (value instanceof Map) {
            shape = "an object";
        } else if (value instanceof List) {
            shape = "a list";
        }
        complaints.add(place + ": " + shape + " (expected: " + expected + ")");
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Map<String, Object> textKeys(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (value != null) {
                copy.put(String.valueOf(key), value);
            }
        });
        return copy;
    }

    private static String shown(String text) {
        if (text.isEmpty() || !text.strip().equals(text)) {
            return '"' + cut(text) + '"';
        }
        return cut(text);
    }

    private static String cut(String text) {
        return Quote.cut(text).replaceAll("\\p{Cc}", " ");
    }
}
