package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.runnel.config.GenerationConfig;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a body into a {@link GenerateRequest}, or refuses it with its first fault. Faults are what is not a JSON
 * object in UTF-8, an unknown or repeated field, and a value outside its rule. {@code null} is the same as absent.
 * Nothing is read that is nested deeper than a message's content, but the schema of a format.
 */
public final class RequestParser {

    private static final int MAX_PROMPT_CODE_POINTS = 100_000;
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_CODE_POINTS = 64;
    private static final int MAX_TOP_K = 1000;
    /** 4294967295 means "random seed" in llama.cpp. */
    private static final long MAX_SEED = 4_294_967_294L;

    /** A schema in the format in the body. All other values are refused where they start to nest. */
    private static final int MAX_DEPTH = 2 + FormatReader.MAX_DEPTH + 1;

    /** Clients choose the field names, so none is kept longer than its request. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(1000)
                    .build())
            .build();

    private final GenerationConfig config;

    public RequestParser(GenerationConfig config) {
        this.config = config;
    }

    /**
     * Parses and validates a body.
     *
     * @throws RefusedException with status 400 and a message that names the field and its rule
     */
    public GenerateRequest parse(Buffer body) {
        return JsonBody.read(JSON, body, this::members);
    }

    private GenerateRequest members(JsonParser json, CharSequence body) throws IOException {
        Draft draft = new Draft(config, json, body);
        Set<RequestField> seen = EnumSet.noneOf(RequestField.class);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            RequestField field = known(name);
            if (!seen.add(field)) {
                throw new RefusedException(ErrorResponse.invalid(name, name + ": given twice (expected: once)"));
            }
            if (json.nextToken() != JsonToken.VALUE_NULL) {
                draft.read(field);
            }
        }
        return draft.finished();
    }

    private static RequestField known(String name) {
        RequestField field = RequestField.named(name);
        if (field != null) {
            return field;
        }
        String shown = Quote.cut(name);
        String hint = RequestField.nearest(name)
                .map(near -> "did you mean " + near + "?")
                .orElse("expected: one of " + String.join(", ", RequestField.names()));
        throw new RefusedException(ErrorResponse.invalid(shown, shown + ": unknown field (" + hint + ")"));
    }

    /** The values read so far. */
    private static final class Draft {

        private final GenerationConfig config;
        private final JsonParser json;
        private final CharSequence body;
        private final FieldReader value;
        private @Nullable String prompt;
        private @Nullable List<Turn> messages;
        private @Nullable Integer maxTokens;
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Long seed;
        private @Nullable Double presencePenalty;
        private @Nullable Double frequencyPenalty;
        private List<String> stop = List.of();
        private String format = "";
        private @Nullable Boolean thinking;
        private @Nullable String model;
        private boolean includeText = true;

        Draft(GenerationConfig config, JsonParser json, CharSequence body) {
            this.config = config;
            this.json = json;
            this.body = body;
            this.value = new FieldReader(json);
        }

        void read(RequestField field) throws IOException {
            switch (field) {
                case PROMPT -> prompt = value.text(field, MAX_PROMPT_CODE_POINTS, promptRule());
                case MESSAGES -> messages = new ConversationReader(json, value).read();
                case MAX_TOKENS -> maxTokens = (int) value.integer(field, 1, config.maxTokens());
                case TEMPERATURE -> temperature = value.number(field, 0, 2, "number, 0 … 2");
                case TOP_P -> topP = value.number(field, Double.MIN_VALUE, 1, "number, more than 0, at most 1");
                case TOP_K -> topK = (int) value.integer(field, 0, MAX_TOP_K);
                case STOP -> stop = value.texts(field, MAX_STOPS, MAX_STOP_CODE_POINTS, stopRule());
                case SEED -> seed = value.integer(field, 0, MAX_SEED);
                case PRESENCE_PENALTY -> presencePenalty = value.number(field, -2, 2, "number, -2 … 2");
                case FREQUENCY_PENALTY -> frequencyPenalty = value.number(field, -2, 2, "number, -2 … 2");
                case RESPONSE_FORMAT -> format = new FormatReader(json, value, body).read();
                case THINKING -> thinking = value.bool(field);
                case MODEL -> model = value.name(field, "string, a name that GET /v1/models lists");
                case INCLUDE_TEXT -> includeText = value.bool(field);
            }
        }

        GenerateRequest finished() {
            Sampling sampling = new Sampling(temperature, topP, topK, seed, presencePenalty, frequencyPenalty, stop);
            return new GenerateRequest(
                    turns(),
                    (prompt == null ? RequestField.MESSAGES : RequestField.PROMPT).wireName(),
                    maxTokens == null ? config.defaultMaxTokens() : maxTokens,
                    maxTokens == null,
                    sampling,
                    options(),
                    model,
                    includeText);
        }

        /** A JSON object, or empty. Its members are those of {@code engine.Options}. */
        private String options() {
            if (thinking == null) {
                return format;
            }
            String member = "\"thinking\":" + thinking;
            return format.isEmpty() ? "{" + member + "}" : "{" + member + "," + format.substring(1);
        }

        private List<Turn> turns() {
            if (prompt != null && messages != null) {
                throw FieldReader.refused(RequestField.MESSAGES, "given beside prompt", "one of the two");
            }
            if (messages != null) {
                return messages;
            }
            if (prompt == null) {
                throw FieldReader.refused(RequestField.PROMPT, "missing", promptRule() + "; or messages");
            }
            return List.of(Turn.user(prompt));
        }

        private static String promptRule() {
            return "string, 1 … " + MAX_PROMPT_CODE_POINTS + " code points";
        }

        private static String stopRule() {
            return "array of 1 … " + MAX_STOPS + " strings of 1 … " + MAX_STOP_CODE_POINTS + " characters";
        }
    }
}
