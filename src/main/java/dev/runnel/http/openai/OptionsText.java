package dev.runnel.http.openai;

import dev.runnel.message.Submit;
import dev.runnel.text.Utf8;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of one request while they are put together, with the bound on their length. Their members are those of
 * {@code engine.Options}.
 */
public final class OptionsText {

    private static final String TOOLS = "tools";

    private final List<String> members = new ArrayList<>();
    private String largest = TOOLS;
    private int largestLength;
    private boolean hasTools;

    /** Whether the same members were added in the same order. */
    @Override
    public boolean equals(Object other) {
        return other instanceof OptionsText that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    /** The same options, to which more can be added. */
    public OptionsText copy() {
        OptionsText copy = new OptionsText();
        copy.members.addAll(members);
        copy.largest = largest;
        copy.largestLength = largestLength;
        copy.hasTools = hasTools;
        return copy;
    }

    /**
     * Adds a member.
     *
     * @param name in the options
     * @param json its value; empty for none
     * @param from the body's member that it is from
     */
    public void add(String name, String json, String from) {
        if (json.isEmpty()) {
            return;
        }
        members.add("\"" + name + "\":" + json);
        hasTools |= from.equals(TOOLS);
        if (json.length() > largestLength) {
            largestLength = json.length();
            largest = from;
        }
    }

    /** An object; empty without members. Over the bound it is refused: for the tools, else for the largest member. */
    public String text() {
        String text = members.isEmpty() ? "" : "{" + String.join(",", members) + "}";
        long bytes = Utf8.length(text);
        if (bytes > Submit.MAX_OPTIONS_BYTES) {
            throw MemberReader.refusal(
                    hasTools ? TOOLS : largest,
                    bytes + " bytes, with what else the model's server gets as it came",
                    "at most " + Submit.MAX_OPTIONS_BYTES);
        }
        return text;
    }
}
