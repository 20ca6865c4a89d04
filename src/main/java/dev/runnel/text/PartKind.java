package dev.runnel.text;

/** What a part of an answer is that is not text: the member of an OpenAI-compatible {@code delta} that it stands in. */
public enum PartKind {
    /** Calls of tools, or pieces of them: an array of objects, each with its {@code index}. */
    TOOL_CALLS("tool_calls"),
    /** What the model thought before its answer, or a piece of it: a string. */
    REASONING_CONTENT("reasoning_content"),
    /** A kind that this version does not know, from a newer node. Clients get no such part. */
    UNKNOWN("unknown");

    private final String wireName;

    PartKind(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The name of the member.
     *
     * @return lower case
     */
    public String wireName() {
        return wireName;
    }
}
