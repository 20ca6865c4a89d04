package dev.runnel.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** What a grammar admits validates, by an implementation of JSON Schema of other authors. */
class JsonGrammarPropertyTest {

    private static final int TEXTS = 20;

    @Property(tries = 600)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void everyTextOfTheGrammarValidates(@ForAll long seed) {
        Random random = new Random(seed);
        JsonNode schema = new Schemas(random).schema();
        Optional<GbnfText> grammar = grammar(schema);
        Validator validator = new Validator(schema.toString());
        for (int i = 0; i < TEXTS && grammar.isPresent(); i++) {
            String text = grammar.get().draw(random, random.nextInt(200));
            assertThat(validator.faults(text)).as("%s for %s", text, schema).isEmpty();
            assertThat(grammar.get().admits(text)).as("%s for %s", text, schema).isTrue();
        }
    }

    @Property(tries = 600)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void compactTextThatValidatesIsOfTheGrammar(@ForAll long seed) {
        Random random = new Random(seed);
        Schemas schemas = new Schemas(random);
        JsonNode schema = schemas.schema();
        Optional<GbnfText> grammar = grammar(schema);
        Validator validator = new Validator(schema.toString());
        for (int i = 0; i < TEXTS && grammar.isPresent(); i++) {
            String text = schemas.valueFor(schema, schema, 8).toString();
            boolean isValid = validator.faults(text).isEmpty();
            Statistics.label("valid").collect(isValid);
            if (isValid) {
                assertThat(grammar.get().admits(text))
                        .as("%s for %s", text, schema)
                        .isTrue();
            }
        }
        Statistics.label("valid").coverage(coverage -> coverage.check(true).percentage(share -> share > 50));
    }

    /** Empty if the schema has no finite text or its alternatives cannot be distinguished. */
    private static Optional<GbnfText> grammar(JsonNode schema) {
        Optional<GbnfText> grammar;
        try {
            grammar = Optional.of(
                    new GbnfText(JsonGrammar.of(schema.toString(), "schema").gbnf()));
        } catch (SchemaException e) {
            assertThat(e).message().matches("(?s)schema: (a reference to itself|alternatives of anyOf).*");
            grammar = Optional.empty();
        }
        Statistics.label("grammar").collect(grammar.isPresent());
        Statistics.label("grammar").coverage(coverage -> coverage.check(true).percentage(share -> share > 70));
        return grammar;
    }

    @Property(tries = 100)
    void everyEmailValidatesInADomainThatExists(@ForAll long seed) {
        String schema = "{\"type\":\"string\",\"format\":\"email\"}";
        String email = new GbnfText(JsonGrammar.of(schema, "schema").gbnf()).draw(new Random(seed), 50);
        String existing = email.replaceFirst("[a-z]+\"$", "org\"");

        assertThat(new Validator(schema).faults(existing)).as(existing).isEmpty();
    }

    @Property(tries = 200)
    void everyTextOfThePlainGrammarIsAnObject(@ForAll long seed) {
        GbnfText grammar = new GbnfText(JsonGrammar.anyObject().gbnf());

        assertThat(Validator.parsed(grammar.draw(new Random(seed), 100)).isObject())
                .isTrue();
    }
}
