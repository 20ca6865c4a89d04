package dev.runnel.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Random schemas of the subset, and random values that mostly validate. */
public final class Schemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "ab", "b", "id", "näme", "x\"y", "z\\", "😀");
    private static final List<String> STRINGS =
            List.of("", "a", "ab", "abc", "é😀", "\"", "\\", "\n\t", "x y", "\u2028", "0", "null");
    /** Without email: the validator knows which top-level domains exist. */
    private static final List<String> FORMATS =
            List.of("date", "time", "date-time", "duration", "uuid", "ipv4", "ipv6", "hostname", "uri");

    /** Each with a text that matches. */
    private static final List<String[]> PATTERNS = List.of(
            new String[] {"^[a-z]+$", "abc"},
            new String[] {"^(ab|cd)*e?$", "abcde"},
            new String[] {"^\\d{3}-\\w{2,4}$", "123-ab_"},
            new String[] {"^.\\.[^a]$", "é.\""},
            new String[] {"^[\"\\\\]{2}\\s$", "\"\\\t"},
            new String[] {"^(a|b)*a(a|b){3}$", "abab"},
            new String[] {"^[\\u00e0-\\u00ff]\\x41?$", "éA"});

    private final Random random;

    public Schemas(Random random) {
        this.random = random;
    }

    /** A schema with two definitions that any place may refer to, also their own. */
    public ObjectNode schema() {
        ObjectNode root = place(3);
        ObjectNode definitions = JSON.objectNode();
        definitions.set("A", place(2));
        definitions.set("B/C", place(2));
        if (!root.has("$ref")) {
            root.put("title", "Any").put("description", "not \"read\"");
        }
        root.set("$defs", definitions);
        return root;
    }

    private ObjectNode place(int depth) {
        ObjectNode schema = JSON.objectNode();
        switch (random.nextInt(depth == 0 ? 8 : 14)) {
            case 0 -> schema.put("type", "boolean");
            case 1 -> schema.put("type", "null");
            case 2 -> schema.put("type", "number");
            case 3 -> integer(schema);
            case 4 -> string(schema);
            case 5 -> schema.set("enum", values(1 + random.nextInt(5)));
            case 6 -> schema.set("const", value());
            case 7 -> schema.put("$ref", random.nextBoolean() ? "#/$defs/A" : "#/$defs/B~1C");
            case 8 -> anyOf(schema, depth);
            case 9 -> array(schema, depth);
            case 10 -> {
                schema.putArray("type").add("null").add("string").add("object");
                object(schema, depth);
                schema.put("maxLength", 3);
            }
            case 11 ->
                schema.put("type", "object")
                        .set("additionalProperties", random.nextBoolean() ? place(depth - 1) : JSON.booleanNode(true));
            default -> {
                schema.put("type", "object");
                object(schema, depth);
            }
        }
        return schema;
    }

    private void integer(ObjectNode schema) {
        schema.put("type", "integer");
        long least = random.nextInt(3000) - 1500L;
        switch (random.nextInt(4)) {
            case 0 -> schema.put("minimum", least);
            case 1 -> schema.put("exclusiveMaximum", least + 0.5);
            case 2 -> schema.put("minimum", least).put("maximum", least + random.nextInt(2000));
            default -> {}
        }
    }

    private void string(ObjectNode schema) {
        schema.put("type", "string");
        switch (random.nextInt(4)) {
            case 0 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size()))[0]);
            case 1 -> schema.put("format", FORMATS.get(random.nextInt(FORMATS.size())));
            case 2 -> {
                int least = random.nextInt(4);
                schema.put("minLength", least).put("maxLength", least + random.nextInt(6));
            }
            default -> {}
        }
    }

    private void anyOf(ObjectNode schema, int depth) {
        ArrayNode options = schema.putArray("anyOf");
        for (int i = 0; i <= random.nextInt(3); i++) {
            options.add(place(depth - 1));
        }
    }

    private void array(ObjectNode schema, int depth) {
        schema.put("type", "array").set("items", place(depth - 1));
        int least = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", least + random.nextInt(3));
        }
    }

    private void object(ObjectNode schema, int depth) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        boolean strict = random.nextBoolean();
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                properties.set(name, place(depth - 1));
                if (strict || random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        schema.put("additionalProperties", false);
    }

    private ArrayNode values(int count) {
        ArrayNode values = JSON.arrayNode();
        for (int i = 0; i < count; i++) {
            values.add(value());
        }
        return values;
    }

    private JsonNode value() {
        return switch (random.nextInt(7)) {
            case 0 -> JSON.booleanNode(random.nextBoolean());
            case 1 -> JSON.nullNode();
            case 2 -> JSON.numberNode(random.nextInt(200) - 100);
            case 3 -> JSON.objectNode().put("k", random.nextInt(3));
            case 4 -> JSON.arrayNode().add(1.5).add("é");
            default -> JSON.textNode(STRINGS.get(random.nextInt(STRINGS.size())));
        };
    }

    /** A value for a place of a schema: compact text of it is what a grammar may admit. */
    JsonNode valueFor(JsonNode schema, JsonNode root, int depth) {
        if (depth == 0) {
            return JSON.nullNode();
        } else if (schema.has("$ref")) {
            return valueFor(root.at(schema.get("$ref").textValue().substring(1)), root, depth - 1);
        } else if (schema.has("anyOf")) {
            JsonNode options = schema.get("anyOf");
            return valueFor(options.get(random.nextInt(options.size())), root, depth - 1);
        } else if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        } else if (schema.has("const")) {
            return schema.get("const");
        }
        JsonNode type = schema.get("type");
        String one = type.isArray() ? type.get(random.nextInt(type.size())).textValue() : type.textValue();
        return switch (one) {
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "null" -> JSON.nullNode();
            case "number" -> JSON.numberNode(random.nextInt(1000) / 8.0);
            case "integer" -> JSON.numberNode(random.nextInt(4000) - 2000);
            case "string" -> JSON.textNode(stringFor(schema));
            case "array" -> arrayFor(schema, root, depth);
            default -> objectFor(schema, root, depth);
        };
    }

    private String stringFor(JsonNode schema) {
        for (String[] pattern : PATTERNS) {
            if (schema.path("pattern").asText().equals(pattern[0])) {
                return pattern[1];
            }
        }
        return switch (schema.path("format").asText()) {
            case "date" -> "2026-02-28";
            case "time" -> "23:59:00Z";
            case "date-time" -> "2026-12-31T00:00:00.5+01:00";
            case "duration" -> "P3DT4H";
            case "uuid" -> "0193a5c2-7b6d-4e1f-8a2b-0123456789ab";
            case "ipv4" -> "10.0.255.1";
            case "ipv6" -> "2001:db8:0:0:0:0:0:1";
            case "hostname" -> "a1.example.org";
            case "uri" -> "https://example.org/a/b.html";
            default -> STRINGS.get(random.nextInt(STRINGS.size()));
        };
    }

    private JsonNode arrayFor(JsonNode schema, JsonNode root, int depth) {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(valueFor(schema.get("items"), root, depth - 1));
        }
        return array;
    }

    private JsonNode objectFor(JsonNode schema, JsonNode root, int depth) {
        ObjectNode object = JSON.objectNode();
        JsonNode properties = schema.get("properties");
        if (properties == null) {
            JsonNode others = schema.get("additionalProperties");
            object.set("any", others.isBoolean() ? value() : valueFor(others, root, depth - 1));
            return object;
        }
        List<String> required = new java.util.ArrayList<>();
        schema.get("required").forEach(name -> required.add(name.textValue()));
        properties.properties().forEach(property -> {
            if (required.contains(property.getKey()) || random.nextBoolean()) {
                object.set(property.getKey(), valueFor(property.getValue(), root, depth - 1));
            }
        });
        return object;
    }
}
