package dev.runnel.message;

/**
 * What a {@link Submit} between two nodes says about its way.
 *
 * @param node the node of its consumer; empty within a process
 * @param answerByMillis when the answer must be sent, by the clock of the receiving node, see {@link
 *     Heartbeat#clockMillis}; 0 without a limit. A generator that reads it later does not run it: by then the consumer
 *     has asked another one
 */
public record Placement(String node, long answerByMillis) {

    /** Within a process. */
    public static final Placement HERE = new Placement("", 0);
}
