package dev.runnel.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Walks through schemas: all that they describe, or what of it a value has. */
final class Schemas {

    private final Description description;

    Schemas(Description description) {
        this.description = description;
    }

    /**
     * Adds each member, {@code member Schema.name}, and each word of a list, {@code value Schema.name=word}.
     *
     * @param value {@code null} for all that the schema describes
     */
    void walk(JsonNode schema, String place, @Nullable JsonNode value, Set<String> found) {
        walk(schema, place, value, found, new TreeSet<>());
    }

    private void walk(
            JsonNode schema, String place, @Nullable JsonNode value, Set<String> found, Set<String> openSchemas) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().replaceAll(".*/", "");
            if (openSchemas.add(name)) {
                walk(description.resolved(schema), name, value, found, openSchemas);
                openSchemas.remove(name);
            }
            return;
        }
        for (String choice : new String[] {"anyOf", "oneOf"}) {
            for (JsonNode branch : schema.path(choice)) {
                if (value == null
                        || description.faultsOfAnswer(branch, value.toString()).isEmpty()) {
                    walk(branch, place, value, found, openSchemas);
                }
            }
        }
        schema.path("properties").properties().forEach(member -> {
            JsonNode of = value == null ? null : value.get(member.getKey());
            if (value == null || of != null) {
                String inner = place + "." + member.getKey();
                found.add("member " + inner);
                walk(member.getValue(), inner, of, found, openSchemas);
            }
        });
        walkItems(schema, place, value, found, openSchemas);
        for (JsonNode word : schema.path("enum")) {
            if (word.isTextual() && (value == null || word.equals(value))) {
                found.add("value " + place + "=" + word.asText());
            }
        }
    }

    private void walkItems(
            JsonNode schema, String place, @Nullable JsonNode value, Set<String> found, Set<String> openSchemas) {
        if (!schema.has("items")) {
            return;
        }
        if (value == null) {
            walk(schema.path("items"), place, null, found, openSchemas);
        } else {
            value.forEach(item -> walk(schema.path("items"), place, item, found, openSchemas));
        }
    }
}
