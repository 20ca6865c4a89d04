package dev.runnel.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runnel.engine.grammar.Validator;
import dev.runnel.sse.HttpWire.Answer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares real answers with the description: status, headers, content type, and the values of the body. Notes what of
 * the description was seen in an answer.
 */
public final class DescribedAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Headers that belong to the connection or to the form of the body. */
    private static final Set<String> FRAMING =
            Set.of("content-type", "content-length", "content-encoding", "transfer-encoding", "connection");

    private static final String DONE = "[DONE]";

    private final Description description;
    private final Schemas schemas;
    private final Set<String> seen = new TreeSet<>();

    public DescribedAnswers(Description description) {
        this.description = description;
        this.schemas = new Schemas(description);
    }

    /** Checks an answer to an operation. */
    public void check(Operation operation, Answer answer) {
        JsonNode response = operation.node().path("responses").path(Integer.toString(answer.status()));
        assertThat(response.isMissingNode())
                .as("%s: the status %d is not described: %s", operation, answer.status(), answer.body())
                .isFalse();
        seen.add("answer " + operation + " " + answer.status());
        check(operation + " " + answer.status(), response, answer);
    }

    /** Checks an answer that belongs to no operation, by its name in {@code x-other-answers}. */
    public void checkOther(String name, Answer answer) {
        seen.add("answer " + name);
        check(name, description.root().path("x-other-answers").path(name), answer);
    }

    private void check(String what, JsonNode reference, Answer answer) {
        JsonNode response = description.resolved(reference);
        checkHeaders(what, response, answer);
        String type = answer.header("Content-Type").replaceAll(";.*", "").strip();
        if (type.isEmpty()) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode())
                .as("%s: the content type %s is not described", what, type)
                .isFalse();
        if (type.equals("text/event-stream")) {
            checkEvents(what, content.path("x-events"), answer.body());
        } else if (type.equals("application/json")) {
            checkValue(what, content.path("schema"), answer.body());
        }
    }

    private void checkHeaders(String what, JsonNode response, Answer answer) {
        Map<String, JsonNode> described = headers(response);
        answer.headers().forEach((name, value) -> {
            if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                assertThat(described)
                        .as("%s: the header %s is not described", what, name)
                        .containsKey(name);
                checkHeader(what + " " + name, described.get(name), value);
            }
        });
        described.forEach((name, header) -> {
            if (description.resolved(header).path("required").asBoolean()) {
                assertThat(answer.header(name)).as("%s: %s", what, name).isNotEmpty();
            }
        });
    }

    private Map<String, JsonNode> headers(JsonNode response) {
        Map<String, JsonNode> described = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        description
                .root()
                .path("x-common-headers")
                .forEach(group ->
                        group.properties().forEach(header -> described.put(header.getKey(), header.getValue())));
        response.path("headers").properties().forEach(header -> described.put(header.getKey(), header.getValue()));
        return described;
    }

    private void checkHeader(String what, JsonNode reference, String value) {
        seen.add("header " + reference.path("$ref").asText().replaceAll(".*/", ""));
        JsonNode schema = description.resolved(reference).path("schema");
        boolean isNumber = schema.path("type").asText().equals("integer");
        assertThat(description.faults(
                        schema, isNumber ? value : TextNode.valueOf(value).toString()))
                .as(what)
                .isEmpty();
    }

    private void checkValue(String what, JsonNode schema, String json) {
        assertThat(description.faultsOfAnswer(schema, json))
                .as("%s: %s", what, json)
                .isEmpty();
        schemas.walk(schema, what, Validator.parsed(json), seen);
    }

    /** Lines as the description has them: {@code data:}, {@code id:}, {@code event:}, comments, blank ones. */
    private void checkEvents(String what, JsonNode schema, String body) {
        assertThat(body).as(what).endsWith("\n\n");
        body.lines().forEach(line -> {
            if (line.startsWith("data: ")) {
                String data = line.substring("data: ".length());
                if (!data.equals(DONE)) {
                    checkValue(what, schema, data);
                }
            } else {
                assertThat(line).as(what).matches("|:.*|id: [0-9]+|event: [a-z_.]+");
            }
        });
    }

    /** What of the description was in no answer. */
    public Set<String> unseen() {
        Set<String> all = new TreeSet<>();
        description
                .operations()
                .forEach(operation -> operation
                        .node()
                        .path("responses")
                        .properties()
                        .forEach(response -> {
                            all.add("answer " + operation + " " + response.getKey());
                            addContent(response.getValue(), all);
                        }));
        description.root().path("x-other-answers").properties().forEach(response -> {
            all.add("answer " + response.getKey());
            addContent(response.getValue(), all);
        });
        description.root().at("/components/headers").fieldNames().forEachRemaining(name -> all.add("header " + name));
        all.removeAll(seen);
        return all;
    }

    private void addContent(JsonNode response, Set<String> all) {
        description.resolved(response).path("content").forEach(content -> {
            schemas.walk(content.path("schema"), "content", null, all);
            schemas.walk(content.path("x-events"), "content", null, all);
        });
    }

    /** An answer's body in JSON. */
    public static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(body, e);
        }
    }
}
