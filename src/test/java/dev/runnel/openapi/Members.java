package dev.runnel.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares a schema of a request with the parser that reads it. Both are asked about the same bodies: each member with
 * each value of a list, which has the bounds of the schema and the values next to them.
 */
public final class Members {

    private static final Pattern LITERAL = Pattern.compile("\"([A-Za-z_]+)\"");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "2",
            "2.0",
            "2e0",
            "0.5",
            "1.5",
            "-1",
            "-2",
            "-2.5",
            "2.5",
            "3",
            "1e-9",
            "1000000000000",
            "-1000000000000",
            "\"\"",
            "\"x\"",
            "\"text\"",
            "\"user\"",
            "\"auto\"",
            "\"none\"",
            "\"required\"",
            "\"json\"",
            "[]",
            "[\"x\"]",
            "[\"text\"]",
            "[\"\"]",
            "[1]",
            "[null]",
            "[[]]",
            "[{}]",
            "[{\"role\":\"user\",\"content\":\"x\"}]",
            "{}",
            "{\"type\":\"text\"}",
            "{\"type\":\"x\"}",
            "{\"type\":null}",
            "{\"include_usage\":1}");

    private final Description description;
    private final String schema;
    private final BinaryOperator<String> body;
    private final Predicate<String> accepts;

    /**
     * @param schema the name of the schema of the body
     * @param body makes a body of a member's name and its value; the rest of the body is complete
     * @param accepts whether the parser accepts a body
     */
    public Members(Description description, String schema, BinaryOperator<String> body, Predicate<String> accepts) {
        this.description = description;
        this.schema = schema;
        this.body = body;
        this.accepts = accepts;
    }

    /**
     * The members that a lenient parser reads: of the names in its source those for which it refuses a value. A name
     * that is left unread has no value that is refused.
     *
     * @param folder of the parser's source
     */
    public Set<String> refusable(String folder) {
        Set<String> names = literals(Path.of("src/main/java/dev/runnel", folder));
        names.removeIf(name -> VALUES.stream().allMatch(value -> accepts.test(body.apply(name, value))));
        return names;
    }

    /** The members that a strict parser reads: of the names in its source those for which it accepts a value. */
    public Set<String> acceptable(String folder) {
        Set<String> names = literals(Path.of("src/main/java/dev/runnel", folder));
        names.removeIf(name -> VALUES.stream().noneMatch(value -> accepts.test(body.apply(name, value))));
        return names;
    }

    private static Set<String> literals(Path folder) {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                LITERAL.matcher(Files.readString(file)).results().forEach(literal -> found.add(literal.group(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Fails unless schema and parser agree on each value of a member. */
    public void compare(String name, JsonNode memberSchema) {
        List<String> values = new ArrayList<>(VALUES);
        values.addAll(bounds(description.resolved(memberSchema)));
        for (String value : values) {
            String json = body.apply(name, value);
            String faults = description.faults(Description.reference(schema), json);
            assertThat(faults.isEmpty())
                    .as(
                            "%s: %s is described as accepted; the parser says so: %s. %s",
                            name, cut(value), accepts.test(json), cut(faults))
                    .isEqualTo(accepts.test(json));
        }
    }

    private static String cut(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    /** The values at each bound of a schema, and those next to it. */
    private static List<String> bounds(JsonNode schema) {
        List<String> values = new ArrayList<>();
        Stream.of("minimum", "maximum", "exclusiveMinimum", "const", "default")
                .map(schema::path)
                .filter(JsonNode::isNumber)
                .forEach(bound -> IntStream.of(-1, 0, 1)
                        .mapToObj(step -> bound.decimalValue()
                                .add(BigDecimal.valueOf(step))
                                .toPlainString())
                        .forEach(values::add));
        schema.path("enum").forEach(value -> values.add(value.toString()));
        Stream.of("minLength", "maxLength")
                .map(schema::path)
                .filter(JsonNode::isInt)
                .forEach(bound -> around(bound.asInt()).forEach(length -> values.add(string(length))));
        Stream.of("minItems", "maxItems")
                .map(schema::path)
                .filter(JsonNode::isInt)
                .forEach(bound ->
                        around(bound.asInt()).forEach(length -> values.add(array(schema.path("items"), length))));
        values.addAll(itemBounds(schema));
        schema.path("oneOf").forEach(branch -> values.addAll(bounds(branch)));
        return values;
    }

    private static List<String> itemBounds(JsonNode schema) {
        return schema.has("items")
                ? bounds(schema.path("items")).stream()
                        .map(item -> "[" + item + "]")
                        .toList()
                : List.of();
    }

    private static IntStream around(int bound) {
        return IntStream.of(bound - 1, bound, bound + 1).filter(length -> length >= 0);
    }

    /** The last character is one code point and two of Java's. */
    private static String string(int length) {
        return length == 0 ? "\"\"" : '"' + "a".repeat(length - 1) + "😀\"";
    }

    private static String array(JsonNode items, int length) {
        String item = items.path("const").isTextual()
                ? items.path("const").toString()
                : items.has("$ref") ? "{\"role\":\"user\",\"content\":\"x\"}" : "\"x\"";
        return "[" + String.join(",", Collections.nCopies(length, item)) + "]";
    }
}
