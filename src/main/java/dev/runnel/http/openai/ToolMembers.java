package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Reads the members about tools. They go to the engine as they came: whether the model calls tools is the engine's
 * matter. Definitions of tools are checked for nothing but their depth and size.
 */
final class ToolMembers {

    static final String CHOICE = "tool_choice";

    private static final String TOOLS = "tools";
    private static final String PARALLEL = "parallel_tool_calls";

    private final MemberReader value;
    private String tools = "";
    private String choice = "";
    private String parallel = "";

    ToolMembers(MemberReader value) {
        this.value = value;
    }

    void read(String name) throws IOException {
        switch (name) {
            case TOOLS -> tools = tools();
            case CHOICE -> choice = choice();
            default -> parallel = parallel();
        }
    }

    private String tools() throws IOException {
        if (value.token() != JsonToken.START_ARRAY) {
            throw value.refused(TOOLS, "array");
        }
        return value.raw(value::skip);
    }

    private String choice() throws IOException {
        if (value.token() == JsonToken.START_OBJECT) {
            return value.raw(value::skip);
        }
        return switch (value.text(CHOICE)) {
            case "auto" -> "\"auto\"";
            case "none" -> "\"none\"";
            case "required" -> "\"required\"";
            default -> throw value.refused(CHOICE, "auto, none, required or an object");
        };
    }

    /** It only hints, so another type is ignored. */
    private String parallel() {
        return switch (value.token()) {
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> "";
        };
    }

    void addTo(OptionsText options) {
        options.add(TOOLS, tools, TOOLS);
        options.add(CHOICE, choice, CHOICE);
        options.add(PARALLEL, parallel, PARALLEL);
    }
}
