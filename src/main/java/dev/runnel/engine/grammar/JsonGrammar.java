package dev.runnel.engine.grammar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Makes grammars of which every text is JSON. */
public final class JsonGrammar {

    /** The most levels of a schema. */
    private static final int MAX_DEPTH = 64;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonGrammar() {}

    /**
     * Any JSON object.
     *
     * @return the grammar
     */
    public static Grammar anyObject() {
        return GrammarWriter.anyObject();
    }

    /**
     * The texts of a schema. Every one validates. Not every text that validates is one. Members are in the order of the
     * schema, objects with declared members have no others, and numbers have at most 15 digits.
     *
     * @param schema a JSON Schema
     * @param path its place in the request, for messages
     * @return the grammar
     * @throws SchemaException if the schema is not JSON, uses an unknown keyword or would make a slow grammar
     */
    public static Grammar of(String schema, String path) {
        SchemaReader reader = new SchemaReader(read(schema, path), path);
        Shape root = reader.read();
        Alternatives alternatives = new Alternatives(path);
        alternatives.check(root);
        return new GrammarWriter(path, alternatives).write(root);
    }

    private static JsonNode read(String schema, String path) {
        try {
            return JSON.readTree(schema);
        } catch (StreamConstraintsException e) {
            throw new SchemaException(
                    path,
                    "nested too deeply, or a number too long (expected: at most " + MAX_DEPTH
                            + " levels and 1000 digits)");
        } catch (JsonProcessingException e) {
            throw new SchemaException(path, "not JSON, or with a duplicate member");
        }
    }
}
