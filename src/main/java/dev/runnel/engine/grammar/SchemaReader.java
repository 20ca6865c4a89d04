package dev.runnel.engine.grammar;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.engine.grammar.Shape.Member;
import dev.runnel.text.Surrogates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a schema into shapes. A shape may be narrower than its schema, never wider: an object has its declared members
 * only, in their order.
 */
final class SchemaReader {

    private static final int MAX_SHAPES = 5000;
    private static final int MAX_ITEMS = 1000;
    private static final int MAX_VALUES = 1000;

    private final JsonNode root;
    private final String path;
    private final ScalarReader scalars = new ScalarReader();
    private final Map<String, Shape> byPointer = new HashMap<>();
    private final Deque<Shape.Reference> open = new ArrayDeque<>();
    private int shapes;

    /** @param path the schema's own, for messages */
    SchemaReader(JsonNode root, String path) {
        this.root = root;
        this.path = path;
    }

    /** Reads all that the root needs. */
    Shape read() {
        Shape first = read(root, path);
        byPointer.put("", first);
        while (!open.isEmpty()) {
            resolve(open.remove());
        }
        return first;
    }

    private void resolve(Shape.Reference reference) {
        String pointer = reference.path;
        Shape known = byPointer.get(pointer);
        if (known == null) {
            JsonNode target = root.at(JsonPointer.compile(pointer));
            known = read(target, path + Keywords.cut(pointer.replace('/', '.')));
            byPointer.put(pointer, known);
        }
        reference.target = known;
    }

    private <S extends Shape> S counted(S shape) {
        if (shapes == MAX_SHAPES) {
            throw new SchemaException(path, "more than " + MAX_SHAPES + " places for values");
        }
        shapes++;
        return shape;
    }

    private Shape read(JsonNode node, String at) {
        if (node.isBoolean() && node.booleanValue()) {
            return counted(new Shape.Anything());
        }
        Keywords schema = Keywords.of(node, at);
        if (schema.has("$ref")) {
            return reference(schema);
        } else if (schema.has("anyOf")) {
            return anyOf(schema);
        } else if (schema.has("enum") || schema.has("const")) {
            return literals(schema);
        }
        Set<String> types = schema.types();
        if (types.isEmpty()) {
            return counted(new Shape.Anything());
        }
        // Every integer is a number.
        List<Shape> options = types.stream()
                .filter(type -> !type.equals("integer") || !types.contains("number"))
                .map(type -> ofType(schema, type))
                .toList();
        return options.size() == 1 ? options.get(0) : counted(new Shape.Choice(options));
    }

    private Shape ofType(Keywords schema, String type) {
        return switch (type) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> counted(scalars.string(schema));
            case "boolean" -> counted(new Shape.Literals(List.of("true", "false")));
            case "null" -> counted(new Shape.Literals(List.of("null")));
            case "integer" -> counted(scalars.integer(schema));
            default -> counted(scalars.number(schema));
        };
    }

    private Shape reference(Keywords schema) {
        schema.checkAlone("$ref");
        String target = Objects.requireNonNull(schema.text("$ref"));
        if (!target.equals("#") && !target.startsWith("#/")) {
            throw schema.fault("$ref", "not in this schema (expected: # or #/…)");
        }
        String pointer = target.substring(1);
        if (root.at(JsonPointer.compile(pointer)).isMissingNode()) {
            throw schema.fault("$ref", "there is no " + Keywords.cut(target));
        }
        var reference = counted(new Shape.Reference(pointer));
        open.add(reference);
        return reference;
    }

    private Shape anyOf(Keywords schema) {
        schema.checkAlone("anyOf");
        JsonNode options = schema.get("anyOf");
        if (!options.isArray() || options.isEmpty()) {
            throw schema.fault("anyOf", "not a list of schemas (expected: one or more)");
        }
        List<Shape> read = new ArrayList<>();
        for (JsonNode option : options) {
            read.add(read(option, schema.path("anyOf[" + read.size() + "]")));
        }
        return counted(new Shape.Choice(read));
    }

    private Shape literals(Keywords schema) {
        String keyword = schema.has("enum") ? "enum" : "const";
        schema.checkAlone(keyword, "type");
        List<JsonNode> values = new ArrayList<>();
        if (keyword.equals("const")) {
            values.add(schema.get("const"));
        } else if (schema.get("enum").isArray()) {
            schema.get("enum").forEach(values::add);
        }
        Set<String> types = schema.types();
        List<String> texts = values.stream()
                .filter(value -> types.isEmpty() || ScalarReader.isOf(value, types))
                .map(JsonNode::toString)
                .toList();
        if (texts.isEmpty() || texts.size() > MAX_VALUES) {
            throw schema.fault(keyword, texts.size() + " values of the type (expected: 1 … " + MAX_VALUES + ")");
        }
        if (texts.stream().anyMatch(Surrogates::hasUnpaired)) {
            throw schema.fault(keyword, "a lone surrogate (expected: whole code points)");
        }
        return counted(new Shape.Literals(texts));
    }

    private Shape array(Keywords schema) {
        int least = schema.count("minItems", 0, MAX_ITEMS);
        int most = schema.count("maxItems", Shape.Items.UNBOUNDED, MAX_ITEMS);
        if (most != Shape.Items.UNBOUNDED && most < least) {
            throw schema.fault("maxItems", "less than minItems");
        }
        Shape item =
                schema.has("items") ? read(schema.get("items"), schema.path("items")) : counted(new Shape.Anything());
        return counted(new Shape.Items(item, least, most));
    }

    private Shape object(Keywords schema) {
        JsonNode properties = schema.get("properties");
        if (properties != null && !properties.isObject()) {
            throw schema.fault("properties", "not an object (expected: schemas by name)");
        }
        Set<String> required = required(schema);
        List<Member> members = new ArrayList<>();
        if (properties != null) {
            for (Iterator<String> names = properties.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (Surrogates.hasUnpaired(name)) {
                    throw schema.fault("properties", "a name with a lone surrogate (expected: whole code points)");
                }
                String at = schema.path("properties." + Keywords.cut(name));
                members.add(new Member(name, read(properties.get(name), at), required.remove(name)));
            }
        }
        Shape others = others(schema, members.isEmpty());
        if (!required.isEmpty()) {
            throw schema.fault(
                    "required",
                    Keywords.cut(required.iterator().next()) + " is not in properties (expected: declared names)");
        }
        return others == null ? counted(new Shape.Members(members)) : counted(new Shape.Table(others));
    }

    private static Set<String> required(Keywords schema) {
        Set<String> required = new HashSet<>();
        JsonNode names = schema.get("required");
        if (names == null) {
            return required;
        }
        for (JsonNode name : names) {
            if (name.isTextual()) {
                required.add(name.textValue());
            }
        }
        if (!names.isArray() || required.size() != names.size()) {
            throw schema.fault("required", "not a list of different names");
        }
        return required;
    }

    /**
     * What undeclared members may be, in an object without declared ones.
     *
     * @return {@code null} if there are none
     */
    private @Nullable Shape others(Keywords schema, boolean isTable) {
        JsonNode others = schema.get("additionalProperties");
        if (others != null && others.isBoolean() && !others.booleanValue()) {
            return null;
        }
        if (others == null || others.isBoolean()) {
            return isTable ? counted(new Shape.Anything()) : null;
        }
        Shape value = read(others, schema.path("additionalProperties"));
        return isTable ? value : null;
    }
}
