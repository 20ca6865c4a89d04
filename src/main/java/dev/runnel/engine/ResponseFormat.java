package dev.runnel.engine;

import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import java.util.Optional;

/**
 * The format that a text must have, from the member {@code response_format} of the options: {@code
 * {"type":"json_object"}} or {@code {"type":"json_schema","json_schema":{"schema":{…}}}}.
 *
 * @param type {@code json_object} or {@code json_schema}
 * @param schema the JSON text of the schema; empty for {@code json_object}
 */
public record ResponseFormat(String type, String schema) {

    /** The name of the field in refusals. */
    public static final String PARAM = "responseFormat";

    private static final String OBJECT = "json_object";
    private static final String SCHEMA = "json_schema";

    /**
     * The format that a prompt asks for.
     *
     * @param options the prompt's
     * @return empty for plain text, which is also {@code {"type":"text"}}
     * @throws GenerationException with {@code INVALID_REQUEST} if the member has another form
     */
    public static Optional<ResponseFormat> of(Options options) {
        Optional<String> member = options.member(Options.RESPONSE_FORMAT);
        if (member.isEmpty()) {
            return Optional.empty();
        }
        Options format = Options.read(member.get());
        return switch (format.member("type").orElse("")) {
            case "\"text\"" -> Optional.empty();
            case "\"json_object\"" -> Optional.of(new ResponseFormat(OBJECT, ""));
            case "\"json_schema\"" -> Optional.of(new ResponseFormat(SCHEMA, schema(format)));
            default -> throw invalid("type", "text, json_object or json_schema");
        };
    }

    private static String schema(Options format) {
        return format.member(SCHEMA)
                .map(Options::read)
                .flatMap(named -> named.member("schema"))
                .orElseThrow(() -> invalid("schema", "a JSON Schema"));
    }

    private static GenerationException invalid(String member, String rule) {
        return new GenerationException(
                Failure.invalid(PARAM, PARAM + "." + member + ": missing, or another value (expected: " + rule + ")"));
    }

    /**
     * The refusal of a model that cannot hold its text to this format. LangChain recognizes the words after the field.
     *
     * @return {@code INVALID_REQUEST}
     */
    public Failure unsupported() {
        return Failure.invalid(
                PARAM, PARAM + ": 'response_format' of type '" + type + "' is not supported with this model");
    }
}
