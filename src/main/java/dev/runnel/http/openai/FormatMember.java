package dev.runnel.http.openai;

import dev.runnel.message.Submit;
import dev.runnel.text.Utf8;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code response_format}. Only its type is checked: an engine knows which formats and which keywords of a schema
 * it supports.
 */
final class FormatMember {

    static final String NAME = "response_format";

    /** The most bytes of a format in UTF-8. What remains of the options is for their other members. */
    static final int MAX_BYTES = Submit.MAX_OPTIONS_BYTES - 1024;

    private static final String RULE = "object with the type text, json_object or json_schema";

    private final MemberReader value;
    private @Nullable String type;

    FormatMember(MemberReader value) {
        this.value = value;
    }

    /** The format as it was sent; empty for plain text, which is the default of every model. */
    String read() throws IOException {
        String json = value.raw(() -> value.object(NAME, this::member));
        if (type == null) {
            throw MemberReader.refusal(NAME, "without type", RULE);
        }
        return switch (type) {
            case "text" -> "";
            case "json_object", "json_schema" -> bounded(json);
            default -> throw MemberReader.refusal(NAME, "an unknown type", RULE);
        };
    }

    private void member(String name) throws IOException {
        if (name.equals("type")) {
            type = value.text(NAME);
        }
    }

    private static String bounded(String json) {
        long bytes = Utf8.length(json);
        if (bytes > MAX_BYTES) {
            throw MemberReader.refusal(NAME, bytes + " bytes", "at most " + MAX_BYTES);
        }
        return json;
    }
}
