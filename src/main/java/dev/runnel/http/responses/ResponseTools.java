package dev.runnel.http.responses;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.openai.OptionsText;
import dev.runnel.text.OneLineJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the members about tools, and gives them the form of a chat, which engines read. Definitions of functions are
 * checked for nothing but their depth and size. Tools of other types run on OpenAI's servers: they are left out.
 */
final class ResponseTools {

    static final String TOOLS = "tools";
    static final String CHOICE = "tool_choice";
    static final String PARALLEL = "parallel_tool_calls";

    private static final String CHOICES = "auto, none, required, or an object of the type function or allowed_tools";
    /** The members that a function has in both forms. */
    private static final List<String> OF_FUNCTION = List.of("name", "description", "parameters", "strict");

    private final MemberReader value;
    private String sentTools = "[]";
    private String sentChoice = "\"auto\"";
    private boolean isParallel = true;
    private String functions = "";
    private String choice = "";
    private String parallel = "";

    ResponseTools(MemberReader value) {
        this.value = value;
    }

    void read(String name) throws IOException {
        switch (name) {
            case TOOLS -> readTools();
            case CHOICE -> readChoice();
            default -> readParallel();
        }
    }

    private void readTools() throws IOException {
        if (value.token() != JsonToken.START_ARRAY) {
            throw value.refused(TOOLS, "array");
        }
        List<String> found = new ArrayList<>();
        sentTools = OneLineJson.of(value.raw(() -> found.addAll(functions())));
        functions = found.isEmpty() ? "" : "[" + String.join(",", found) + "]";
    }

    /** The functions of an array in the form of a chat, which has their members one level deeper. */
    private List<String> functions() throws IOException {
        List<String> found = new ArrayList<>();
        while (value.next() != JsonToken.END_ARRAY) {
            Map<String, String> tool = members();
            if (isFunction(tool)) {
                found.add(ofChat(tool));
            }
        }
        return found;
    }

    private static boolean isFunction(Map<String, String> tool) {
        return tool.getOrDefault("type", "").equals("\"function\"");
    }

    /** The members of an object as they were sent; none of another value, which is passed. */
    private Map<String, String> members() throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        if (value.token() == JsonToken.START_OBJECT) {
            value.members(name -> members.put(name, value.raw()));
        } else {
            value.skip();
        }
        return members;
    }

    private static String ofChat(Map<String, String> tool) {
        List<String> members = new ArrayList<>();
        for (String name : OF_FUNCTION) {
            if (tool.containsKey(name)) {
                members.add("\"" + name + "\":" + tool.get(name));
            }
        }
        return "{\"type\":\"function\",\"function\":{" + String.join(",", members) + "}}";
    }

    private void readChoice() throws IOException {
        if (value.token() == JsonToken.START_OBJECT) {
            Map<String, String> members = new LinkedHashMap<>();
            List<String> allowed = new ArrayList<>();
            sentChoice = OneLineJson.of(value.raw(() -> value.members(name -> {
                if (name.equals(TOOLS) && value.token() == JsonToken.START_ARRAY) {
                    allowed.addAll(functions());
                } else {
                    members.put(name, value.raw());
                }
            })));
            choice = choiceOf(members, allowed);
            return;
        }
        String word = value.text(CHOICE);
        switch (word) {
            case "auto", "none", "required" -> {
                choice = '"' + word + '"';
                sentChoice = choice;
            }
            default -> throw value.refused(CHOICE, CHOICES);
        }
    }

    private static String choiceOf(Map<String, String> members, List<String> allowed) {
        if (isFunction(members)) {
            return ofChat(members);
        }
        if (!members.getOrDefault("type", "").equals("\"allowed_tools\"")) {
            throw MemberReader.unsupportedValue(
                    CHOICE, CHOICE + ": an object is not supported (expected: " + CHOICES + ")");
        }
        return "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":" + members.getOrDefault("mode", "\"auto\"")
                + ",\"tools\":[" + String.join(",", allowed) + "]}}";
    }

    /** It only hints, so another type is ignored. */
    private void readParallel() {
        JsonToken token = value.token();
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            isParallel = token == JsonToken.VALUE_TRUE;
            parallel = Boolean.toString(isParallel);
        }
    }

    /** Servers refuse hints without a function. */
    void addTo(OptionsText options) {
        boolean demandsCall = !choice.isEmpty() && !choice.equals("\"auto\"") && !choice.equals("\"none\"");
        options.add(TOOLS, functions, TOOLS);
        options.add(CHOICE, functions.isEmpty() && !demandsCall ? "" : choice, CHOICE);
        options.add(PARALLEL, functions.isEmpty() ? "" : parallel, PARALLEL);
    }

    /** What an answer repeats of the tools, as JSON text without the braces. */
    String ofAnswer() {
        return "\"" + CHOICE + "\":" + sentChoice + ",\"" + TOOLS + "\":" + sentTools;
    }

    boolean isParallel() {
        return isParallel;
    }
}
