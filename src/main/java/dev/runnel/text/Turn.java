package dev.runnel.text;

/**
 * One turn of a conversation.
 *
 * @param role the author
 * @param content plain text
 */
public record Turn(Role role, String content) {

    /** The author of a turn. */
    public enum Role {
        /** The operator's or the caller's instructions. */
        SYSTEM,
        /** The caller. */
        USER,
        /** The model. */
        ASSISTANT,
        /** A role that this version does not know, from a newer node. Generators refuse it. */
        UNKNOWN;

        /**
         * The name that chat templates and OpenAI-compatible servers use.
         *
         * @return lower case
         */
        public String wireName() {
            return switch (this) {
                case SYSTEM -> "system";
                case USER -> "user";
                case ASSISTANT -> "assistant";
                case UNKNOWN -> "unknown";
            };
        }
    }

    /**
     * A turn of the user.
     *
     * @param content plain text
     * @return the turn
     */
    public static Turn user(String content) {
        return new Turn(Role.USER, content);
    }

    /**
     * The length of the content in UTF-8, counted without a copy.
     *
     * @return bytes, of a content without lone surrogates
     */
    public long utf8Length() {
        return Utf8.length(content);
    }

    /** Leaves the content out: prompts never reach a log. */
    @Override
    public String toString() {
        return "Turn[" + role + ", " + content.length() + " chars]";
    }
}
