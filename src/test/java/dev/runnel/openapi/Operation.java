package dev.runnel.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * One operation of the description.
 *
 * @param method in upper case
 * @param path a template, such as {@code /v1/generate/{id}}
 */
public record Operation(String method, String path, JsonNode node) {

    /** Whether it needs a key. */
    public boolean needsKey() {
        return !node.has("security") || !node.path("security").isEmpty();
    }

    /** The scopes that the key must have. */
    public List<String> scopes() {
        return StreamSupport.stream(node.at("/security/0/apiKey").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** A failed assertion shows this. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
