package dev.runnel.text;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation. Its content is read once here: each step of a request's way checks or counts it, and it
 * may have megabytes. Two turns are equal if their roles and contents are.
 */
public final class Turn {

    private final Role role;
    private final String content;
    private final boolean isWhole;
    private final long utf8Length;

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
     * A turn of any author.
     *
     * @param role the author
     * @param content plain text
     */
    public Turn(Role role, String content) {
        this.role = role;
        this.content = content;
        long length = Utf8.lengthOfWhole(content);
        this.isWhole = length >= 0;
        this.utf8Length = isWhole ? length : Utf8.length(content);
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
     * The author.
     *
     * @return the role
     */
    public Role role() {
        return role;
    }

    /**
     * What the author wrote.
     *
     * @return plain text
     */
    public String content() {
        return content;
    }

    /**
     * Whether UTF-8 can express the content.
     *
     * @return {@code false} if it has a surrogate without its other half
     */
    public boolean isWhole() {
        return isWhole;
    }

    /**
     * The length of the content in UTF-8.
     *
     * @return bytes; an estimate for a content that is not whole
     */
    public long utf8Length() {
        return utf8Length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Turn turn && role == turn.role && content.equals(turn.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(role, content);
    }

    /** Leaves the content out: prompts never reach a log. */
    @Override
    public String toString() {
        return "Turn[" + role + ", " + content.length() + " chars]";
    }
}
