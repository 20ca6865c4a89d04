package dev.runnel.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One object of a schema, with its place for messages.
 *
 * @param path such as {@code responseFormat.schema.properties.x}
 */
record Keywords(JsonNode node, String path) {

    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    private static final Set<String> OF_OBJECTS = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> OF_ARRAYS = Set.of("items", "minItems", "maxItems");
    private static final Set<String> OF_STRINGS = Set.of("minLength", "maxLength", "pattern", "format");
    private static final Set<String> OF_INTEGERS = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final Set<String> ALONE = Set.of("$ref", "anyOf", "enum", "const");

    /** What does not restrict a value. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$schema",
            "$comment",
            "$defs",
            "definitions",
            "type");

    private static final int MOST_NAMED = 64;

    /** @throws SchemaException if it is not an object or has an unknown keyword */
    static Keywords of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw new SchemaException(path, "not an object (expected: a schema)");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!isKnown(name)) {
                throw new SchemaException(
                        path + "." + cut(name),
                        "unknown keyword (expected: one of " + String.join(", ", known()) + ")");
            }
        }
        return new Keywords(node, path);
    }

    private static boolean isKnown(String name) {
        return known().contains(name) || ANNOTATIONS.contains(name);
    }

    private static Set<String> known() {
        Set<String> all = new TreeSet<>(ALONE);
        all.addAll(OF_OBJECTS);
        all.addAll(OF_ARRAYS);
        all.addAll(OF_STRINGS);
        all.addAll(OF_INTEGERS);
        all.add("type");
        return all;
    }

    /** A name of the schema, for a message. */
    static String cut(String name) {
        String printable = name.codePoints()
                .limit(MOST_NAMED)
                .map(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() < name.length() ? printable + "…" : printable;
    }

    boolean has(String keyword) {
        return node.has(keyword);
    }

    JsonNode get(String keyword) {
        return node.get(keyword);
    }

    String path(String keyword) {
        return path + "." + keyword;
    }

    SchemaException fault(String keyword, String fault) {
        return new SchemaException(path(keyword), fault);
    }

    /**
     * Refuses every keyword that restricts a value, but this one and {@code allowed}: both together would have to be
     * met.
     */
    void checkAlone(String keyword, String... allowed) {
        Set<String> beside = Set.of(allowed);
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            boolean annotates = ANNOTATIONS.contains(name) && !name.equals("type");
            if (!annotates && !name.equals(keyword) && !beside.contains(name)) {
                throw fault(name, "beside " + keyword + " (expected: one of them)");
            }
        }
    }

    /**
     * The values of {@code type}, else the types that the other keywords are for.
     *
     * @return empty without the keyword
     */
    Set<String> types() {
        JsonNode type = get("type");
        if (type == null) {
            return implied();
        }
        List<JsonNode> values = new ArrayList<>();
        if (type.isArray()) {
            type.forEach(values::add);
        } else {
            values.add(type);
        }
        for (JsonNode value : values) {
            if (!value.isTextual() || !TYPES.contains(value.textValue())) {
                throw fault(
                        "type",
                        "not a type (expected: one or more of " + String.join(", ", new TreeSet<>(TYPES)) + ")");
            }
        }
        if (values.isEmpty()) {
            throw fault("type", "empty (expected: one type or more)");
        }
        return values.stream().map(JsonNode::textValue).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> implied() {
        Set<String> types = new TreeSet<>();
        addIf(types, "object", OF_OBJECTS);
        addIf(types, "array", OF_ARRAYS);
        addIf(types, "string", OF_STRINGS);
        addIf(types, "integer", OF_INTEGERS);
        return types;
    }

    private void addIf(Set<String> types, String type, Set<String> keywords) {
        if (keywords.stream().anyMatch(this::has)) {
            types.add(type);
        }
    }

    /** A count of 0 or more, or {@code missing}. */
    int count(String keyword, int missing, int largest) {
        JsonNode value = get(keyword);
        if (value == null) {
            return missing;
        }
        if (!value.isNumber() || !isWhole(value) || value.decimalValue().signum() < 0) {
            throw fault(keyword, "not a whole number (expected: 0 or more)");
        }
        if (value.decimalValue().compareTo(BigDecimal.valueOf(largest)) > 0) {
            throw fault(keyword, "too large (expected: at most " + largest + ")");
        }
        return value.intValue();
    }

    /** Whether a number has no fraction, found without writing its digits. */
    static boolean isWhole(JsonNode number) {
        var value = number.decimalValue();
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    @Nullable
    String text(String keyword) {
        JsonNode value = get(keyword);
        if (value != null && !value.isTextual()) {
            throw fault(keyword, "not a string");
        }
        return value == null ? null : value.textValue();
    }
}
