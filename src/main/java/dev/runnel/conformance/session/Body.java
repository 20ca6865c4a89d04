package dev.runnel.conformance.session;

import dev.runnel.conformance.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The body of a request.
 *
 * @param fields values by name, in order, each in its JSON form
 */
public record Body(Map<String, String> fields) {

    public Body {
        fields = new LinkedHashMap<>(fields);
    }

    public static Body of(String prompt, int maxTokens) {
        return new Body(Map.of()).with("prompt", Json.quoted(prompt)).with("maxTokens", Integer.toString(maxTokens));
    }

    /**
     * A body with one more field.
     *
     * @param json the value in any form, also a wrong one
     */
    public Body with(String field, String json) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(field, json);
        return new Body(more);
    }

    public Body model(String name) {
        return with("model", Json.quoted(name));
    }

    public Body without(String field) {
        Map<String, String> fewer = new LinkedHashMap<>(fields);
        fewer.remove(field);
        return new Body(fewer);
    }

    public String json() {
        return fields.entrySet().stream()
                .map(field -> Json.quoted(field.getKey()) + ":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
