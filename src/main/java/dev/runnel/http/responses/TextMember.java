package dev.runnel.http.responses;

import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.openai.OptionsText;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.OneLineJson;
import dev.runnel.text.Utf8;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code text}, whose {@code format} is the format of the answer. Its schema stands one level higher here than in
 * the {@code response_format} of a chat, which engines read.
 */
final class TextMember {

    static final String FORMAT = "text.format";

    /** The most bytes of a format in UTF-8. What remains of the options is for their other members. */
    static final int MAX_BYTES = Submit.MAX_OPTIONS_BYTES - 1024;

    private static final String RULE = "object with the type text, json_object or json_schema";
    /** Upstream servers need a name. */
    private static final String DEFAULT_NAME = "response";

    private final MemberReader value;
    private String sent = "{\"type\":\"text\"}";
    private @Nullable String type;
    private String name = DEFAULT_NAME;
    private @Nullable String description;
    private @Nullable String schema;
    private @Nullable Boolean isStrict;

    TextMember(MemberReader value) {
        this.value = value;
    }

    void read(String member) throws IOException {
        value.object(member, this::member);
    }

    private void member(String member) throws IOException {
        if (member.equals("format")) {
            sent = OneLineJson.of(value.raw(() -> value.object(FORMAT, this::formatMember)));
            checkType();
            long bytes = Utf8.length(sent);
            if (bytes > MAX_BYTES) {
                throw MemberReader.refusal(FORMAT, bytes + " bytes", "at most " + MAX_BYTES);
            }
        }
    }

    private void formatMember(String member) throws IOException {
        String place = FORMAT + '.' + member;
        switch (member) {
            case "type" -> type = value.text(place);
            case "name" -> name = value.text(place);
            case "description" -> description = value.text(place);
            case "strict" -> isStrict = value.bool(place);
            case "schema" ->
                schema = value.raw(() -> value.object(place, keyword -> {
                    // The engine reads the schema.
                }));
            default -> {
                // Unknown: left unread.
            }
        }
    }

    private void checkType() {
        if (type == null) {
            throw MemberReader.refusal(FORMAT, "without type", RULE);
        }
        switch (type) {
            case "text", "json_object" -> {
                // No further member is needed.
            }
            case "json_schema" -> {
                if (schema == null) {
                    throw MemberReader.refusal(FORMAT + ".schema", "missing", "a JSON Schema");
                }
            }
            default -> throw MemberReader.refusal(FORMAT, "an unknown type", RULE);
        }
    }

    /** The object of an answer. */
    String json() {
        return "{\"format\":" + sent + ",\"verbosity\":null}";
    }

    /** Adds the format as an option of engines, unless it is plain text. */
    void addTo(OptionsText options) {
        if (type != null && !type.equals("text")) {
            String members = type.equals("json_object") ? "" : ",\"json_schema\":" + jsonSchema();
            options.add("response_format", "{\"type\":\"" + type + "\"" + members + "}", FORMAT);
        }
    }

    private String jsonSchema() {
        return "{\"name\":" + EscapedText.of(name).json()
                + (description == null
                        ? ""
                        : ",\"description\":" + EscapedText.of(description).json())
                + ",\"schema\":" + schema
                + (isStrict == null ? "" : ",\"strict\":" + isStrict) + "}";
    }
}
