package dev.runnel.text;

/** One turn of a conversation: who speaks, and what as plain text. */
public record Turn(Role role, String content) {

    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT;

        /** The name that chat templates and OpenAI-compatible servers use. */
        public String wireName() {
            return switch (this) {
                case SYSTEM -> "system";
                case USER -> "user";
                case ASSISTANT -> "assistant";
            };
        }
    }

    public static Turn user(String content) {
        return new Turn(Role.USER, content);
    }

    /** Leaves the content out: prompts never reach a log. */
    @Override
    public String toString() {
        return "Turn[" + role + ", " + content.length() + " chars]";
    }
}
