package dev.runnel.message;

/**
 * The answer to a {@link Heartbeat}.
 *
 * @param node the node that answers
 * @param verdict whether the sender may be a member
 */
public record Heard(String node, Verdict verdict) {

    /** Whether a node may be a member. */
    public enum Verdict {
        /** It may not, for a reason that this version does not know. */
        UNKNOWN,
        /** It may. */
        ACCEPTED,
        /** Its keys are signed with another secret. */
        OTHER_SECRET,
        /** One of both nodes cannot read the records of the other. */
        OTHER_FORM
    }
}
