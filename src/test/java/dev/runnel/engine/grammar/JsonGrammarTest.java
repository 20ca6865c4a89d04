package dev.runnel.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGrammarTest {

    private static GbnfText grammar(String schema) {
        return new GbnfText(JsonGrammar.of(schema, "schema").gbnf());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":{\"x\":{\"not\":{}}}}→s.properties.x.not: unknown keyword",
                "{\"items\":{\"anyOf\":[{},{\"oneOf\":[]}]}}→s.items.anyOf[1].oneOf: unknown keyword",
                "{\"$ref\":\"#/$defs/A\",\"$defs\":{\"A\":{\"allOf\":[]}}}→s.$defs.A.allOf: unknown keyword",
                "{\"uniqueItems\":true}→s.uniqueItems: unknown keyword",
                "{\"type\":\"text\"}→s.type: not a type",
                "{\"type\":[]}→s.type: empty",
                "{\"type\":\"number\",\"minimum\":1}→s.minimum: for type number",
                "{\"type\":\"integer\",\"minimum\":2,\"exclusiveMaximum\":2.5,\"exclusiveMinimum\":2}→s: no integer",
                "{\"type\":\"integer\",\"minimum\":1e-999999999}→s.minimum: not a number",
                "{\"type\":\"integer\",\"minimum\":1e999999999}→s: no integer",
                "{\"type\":\"string\",\"maxLength\":2001}→s.maxLength: too large",
                "{\"type\":\"string\",\"minLength\":1.5}→s.minLength: not a whole number",
                "{\"type\":\"string\",\"minLength\":2,\"maxLength\":1}→s.maxLength: less than minLength",
                "{\"type\":\"string\",\"pattern\":\"a\"}→s.pattern: only a part of the text",
                "{\"type\":\"string\",\"pattern\":\"^a|b$\"}→s.pattern: alternatives beside the anchors",
                "{\"type\":\"string\",\"pattern\":\"^(?=a)b$\"}→s.pattern: not supported: look-around",
                "{\"type\":\"string\",\"pattern\":\"^(a)\\\\1$\"}→s.pattern: not supported: the escape \\1",
                "{\"type\":\"string\",\"pattern\":\"^[]$\"}→s.pattern: not supported: no text matches",
                "{\"type\":\"string\",\"pattern\":\"^a$\",\"minLength\":2}→s.pattern: not supported: no text matches",
                "{\"type\":\"string\",\"format\":\"iri\"}→s.format: unknown",
                "{\"$ref\":\"#/$defs/A\"}→s.$ref: there is no #/$defs/A",
                "{\"$ref\":\"http://example.org\"}→s.$ref: not in this schema",
                "{\"$ref\":\"#\"}→s: a reference to itself",
                "{\"$ref\":\"#/$defs/A\",\"type\":\"string\",\"$defs\":{\"A\":{}}}→s.type: beside $ref",
                "{\"anyOf\":[]}→s.anyOf: not a list",
                "{\"enum\":[1],\"type\":\"string\"}→s.enum: 0 values of the type",
                "{\"required\":[\"x\"]}→s.required: x is not in properties",
                "{\"properties\":{\"5\":{}},\"required\":[5]}→s.required: not a list of different names",
                "{\"items\":{\"$ref\":\"#\"},\"minItems\":1}→s: a reference to itself without an end",
                "[]→s: not an object",
                "{→s: not JSON",
                "{\"type\":\"null\",\"type\":\"null\"}→s: not JSON, or with a duplicate member",
            })
    void schemaThatIsNotInTheSubsetIsRefusedByName(String schema, String message) {
        assertThatThrownBy(() -> JsonGrammar.of(schema, "s"))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void annotationsAreIgnored() {
        String schema = """
                {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"T","description":"D","default":1,
                 "examples":[1],"deprecated":true,"$comment":"c","type":"boolean"}
                """;

        assertThat(grammar(schema).admits("true")).isTrue();
    }

    @Test
    void whiteSpaceIsOptionalAndBound() {
        GbnfText grammar = grammar("{\"properties\":{\"a\":{\"items\":{\"type\":\"null\"}}},\"required\":[\"a\"]}");

        assertThat(grammar.admits("{\"a\":[null,null]}")).isTrue();
        assertThat(grammar.admits("{ \"a\": [ null, null ] }")).isTrue();
        assertThat(grammar.admits("{\n    \"a\": [\n        null\n    ]\n}")).isTrue();
        assertThat(grammar.admits("{  \"a\":[]}")).isFalse();
        assertThat(grammar.admits("{\"a\":\n" + " ".repeat(21) + "[]}")).isFalse();
        assertThat(grammar.admits(" {\"a\":[]}")).isFalse();
        assertThat(grammar.admits("{\"a\":[]} ")).isFalse();
    }

    @Test
    void membersThatAreNotRequiredMayBeLeftOut() {
        GbnfText grammar = grammar("{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2},\"c\":{\"const\":3},"
                + "\"d\":{\"const\":4}},\"required\":[\"c\"]}");

        assertThat(Stream.of(
                        "{\"c\":3}", "{\"a\":1,\"c\":3}", "{\"b\":2,\"c\":3,\"d\":4}", "{\"a\":1,\"b\":2,\"c\":3}"))
                .allMatch(grammar::admits);
        assertThat(Stream.of("{}", "{\"a\":1}", "{\"c\":3,\"b\":2}", "{\"c\":3,}", "{\"a\":1\"c\":3}"))
                .noneMatch(grammar::admits);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 10, 99, 123, 1000, 987_654})
    void integersAreInTheirRange(long last) {
        for (long first : new long[] {-1205, -10, -1, 0, 1, 5, last}) {
            if (first <= last) {
                GbnfText grammar = grammar("{\"minimum\":" + first + ",\"maximum\":" + last + "}");
                Stream.of(first - 1, first, first + 1, last - 1, last, last + 1, -first, -last, 0L, last * 10)
                        .forEach(value -> assertThat(grammar.admits(String.valueOf(value)))
                                .as("%s in %s … %s", value, first, last)
                                .isEqualTo(first <= value && value <= last));
            }
        }
    }

    @Test
    void objectsOfARecursiveSchemaMayDifferByTheirFirstMember() {
        String expression = """
                {"anyOf":[{"$ref":"#/$defs/number"},{"$ref":"#/$defs/sum"}],
                 "$defs":{"number":{"properties":{"type":{"const":"number"},"value":{"type":"number"}},
                                    "required":["type","value"],"additionalProperties":false},
                          "sum":{"properties":{"type":{"const":"sum"},"parts":{"items":{"$ref":"#"}}},
                                 "required":["type","parts"],"additionalProperties":false}}}
                """;

        String number = "{\"type\":\"number\",\"value\":1.5}";
        String sum = "{\"type\":\"sum\",\"parts\":[" + number + ",{\"type\":\"sum\",\"parts\":[]}]}";

        assertThat(grammar(expression).admits(sum)).isTrue();
        assertThatThrownBy(() -> JsonGrammar.of(expression.replace("\"sum\"}", "\"number\"}"), "s"))
                .hasMessageStartingWith("s: alternatives of anyOf that start alike and are recursive");
    }

    @Test
    void textThatCannotContinueEndsItself() {
        assertThat(JsonGrammar.anyObject().endsItself()).isTrue();
        assertThat(JsonGrammar.of("{\"type\":[\"string\",\"null\",\"array\"]}", "s")
                        .endsItself())
                .isTrue();
        assertThat(JsonGrammar.of("{\"type\":\"integer\"}", "s").endsItself()).isFalse();
        assertThat(JsonGrammar.of("{\"enum\":[true,1]}", "s").endsItself()).isFalse();
        assertThat(JsonGrammar.of("true", "s").endsItself()).isFalse();
    }

    /** Each would need exponential time or space somewhere. */
    static Stream<String> hostileSchemas() {
        String chain = IntStream.range(0, 60)
                .mapToObj(
                        i -> "\"a" + i + "\":{\"anyOf\":[{\"$ref\":\"#/$defs/a" + (i + 1) + "\"},{\"$ref\":\"#/$defs/b"
                                + i + "\"}]},\"b" + i + "\":{\"anyOf\":[{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}]}")
                .collect(Collectors.joining(","));
        String pairs = IntStream.range(0, 40)
                .mapToObj(i -> "\"a" + i + "\":{\"anyOf\":[{\"items\":{\"$ref\":\"#/$defs/a" + (i + 1)
                        + "\"}},{\"items\":{\"$ref\":\"#/$defs/a" + (i + 1) + "\"},\"minItems\":1}]}")
                .collect(Collectors.joining(","));
        return Stream.of(
                "{\"$ref\":\"#/$defs/a0\",\"$defs\":{" + chain + ",\"a60\":{\"type\":\"null\"}}}",
                "{\"$ref\":\"#/$defs/a0\",\"$defs\":{" + pairs + ",\"a40\":{\"type\":\"null\"}}}",
                "{\"anyOf\":[{\"items\":{\"$ref\":\"#\"}},{\"items\":{\"$ref\":\"#\"},\"maxItems\":3}]}",
                "{\"pattern\":\"^(a|b)*a(a|b){20}$\"}",
                "{\"pattern\":\"^((a{0,1000}){0,1000}){0,1000}$\"}",
                "{\"pattern\":\"^" + "(".repeat(30) + "){1000}".repeat(30) + "$\"}",
                "{\"pattern\":\"^((a*)*)*$\"}",
                "{\"type\":\"string\",\"minLength\":2000,\"format\":\"uri\"}",
                "[".repeat(100_000),
                "{\"items\":".repeat(200) + "{}" + "}".repeat(200),
                IntStream.range(0, 3000)
                        .mapToObj(i -> "\"d" + i + "\":{\"items\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}}")
                        .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{", ",\"d3000\":{}}}")),
                IntStream.range(0, 200)
                        .mapToObj(i ->
                                "\"p" + i + "\":{\"type\":\"array\",\"maxItems\":1000,\"items\":{\"maxLength\":2000}}")
                        .collect(Collectors.joining(",", "{\"properties\":{", "}}")),
                IntStream.range(0, 80)
                        .mapToObj(i -> "\"p" + i + "\":{\"pattern\":\"^(" + "Ā|".repeat(10) + manyLetters(i) + ")$\"}")
                        .collect(Collectors.joining(",", "{\"properties\":{", "}}")),
                IntStream.range(0, 1000)
                        .mapToObj(i -> "\"" + "a".repeat(i) + "\"")
                        .collect(Collectors.joining(",", "{\"enum\":[", "]}")));
    }

    private static String manyLetters(int seed) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> Character.toString(0x4E00 + seed + 2 * i))
                .collect(Collectors.joining("|"));
    }

    @ParameterizedTest
    @MethodSource("hostileSchemas")
    @Timeout(5)
    void hostileSchemaIsRefusedOrSmall(String schema) {
        try {
            assertThat(JsonGrammar.of(schema, "s").gbnf()).hasSizeLessThan(1_100_000);
        } catch (SchemaException refused) {
            assertThat(refused).message().hasSizeLessThan(400).isPrintable();
        }
    }
}
