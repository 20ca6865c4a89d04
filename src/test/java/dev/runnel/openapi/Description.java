package dev.runnel.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runnel.engine.grammar.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The description of the API, from the file that the service serves. */
public final class Description {

    private static final String FILE = "/dev/runnel/http/openapi.yaml";
    private static final String COMPONENTS = "components";
    private static final String REF = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode root;
    private final JsonNode closedComponents;
    private final Map<String, Validator> validators = new HashMap<>();

    private Description(JsonNode root) {
        this.root = root;
        this.closedComponents = root.path(COMPONENTS).deepCopy();
        close(closedComponents.path("schemas"));
    }

    /** Reads the file. */
    public static Description read() {
        try (InputStream in = Description.class.getResourceAsStream(FILE)) {
            return new Description(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole file. */
    public JsonNode root() {
        return root;
    }

    /** All operations. */
    public List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(member -> found.add(new Operation(
                                member.getKey().toUpperCase(Locale.ROOT), path.getKey(), member.getValue()))));
        return found;
    }

    /** The operation of a method and a path template. */
    public Operation operation(String method, String path) {
        return operations().stream()
                .filter(one -> one.method().equals(method) && one.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not described: " + method + " " + path));
    }

    /** A node, or what it refers to. */
    public JsonNode resolved(JsonNode node) {
        return node.has(REF) ? resolved(root.at(node.path(REF).asText().substring(1))) : node;
    }

    /** A schema by its name. */
    public JsonNode schema(String name) {
        return root.path(COMPONENTS).path("schemas").path(name);
    }

    /** A reference to a schema. */
    public static JsonNode reference(String name) {
        return JsonNodeFactory.instance.objectNode().put(REF, SCHEMAS + name);
    }

    /** The names of a schema's members. */
    public Set<String> members(String name) {
        Set<String> names = new TreeSet<>();
        resolved(schema(name)).path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What is wrong with a request's value, or an empty text. */
    public String faults(JsonNode schema, String json) {
        return validators
                .computeIfAbsent("open " + schema, first -> validator(schema, root.path(COMPONENTS)))
                .faults(json);
    }

    /** The same for an answer's value, which has no members but those that are described. */
    public String faultsOfAnswer(JsonNode schema, String json) {
        return validators
                .computeIfAbsent("closed " + schema, first -> validator(schema, closedComponents))
                .faults(json);
    }

    private static Validator validator(JsonNode schema, JsonNode components) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("allOf").add(schema);
        document.set(COMPONENTS, components);
        return new Validator(document.toString());
    }

    /** Objects of answers are open for clients, which ignore what they do not know. Here they are closed. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(Description::close);
    }
}
