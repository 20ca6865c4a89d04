package dev.runnel.engine.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

/** Validates JSON against a schema, with networknt's implementation. */
public final class Validator {

    private static final SchemaRegistryConfig FORMATS =
            SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(FORMATS));
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Schema schema;

    /** @param schema a JSON Schema */
    public Validator(String schema) {
        this.schema = REGISTRY.getSchema(parsed(schema));
    }

    /** A JSON value, of which nothing is left after it. */
    public static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** What is wrong, or an empty text. */
    public String faults(String json) {
        var errors = schema.validate(parsed(json));
        return errors.isEmpty() ? "" : errors.toString();
    }
}
