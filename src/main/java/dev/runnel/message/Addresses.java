package dev.runnel.message;

/** Every address on the event bus. */
public final class Addresses {

    /** Request and reply: one of the generators receives a {@link Submit}. */
    public static final String GENERATIONS = "runnel.generations";

    /**
     * Publish: every {@link Delta} and {@link Part} of every generation, for observers. An observer that registers
     * while a generation runs receives it from one of its next 64 messages on.
     */
    public static final String DELTAS = "runnel.deltas";

    /** Publish: one {@link Ended} per generation, for observers. */
    public static final String ENDED = "runnel.ended";

    /** Publish: one {@link Revoked} per revoked key, for the other nodes of a cluster. */
    public static final String REVOKED = "runnel.revoked";

    private static final String NODE = "runnel.node.";
    private static final String INBOX = "runnel.inbox.";
    private static final String GENERATOR = "runnel.generator.";

    private Addresses() {}

    /**
     * Where the {@link Heartbeat}s for one node of a cluster go.
     *
     * @param node the node's name in the cluster
     * @return the address
     */
    public static String node(String node) {
        return NODE + node;
    }

    /**
     * Where the {@link InboxMessage}s for one consuming verticle instance go, and {@link Attach}, {@link Detach} and
     * {@link Cancel} for the generations that it is the guardian of.
     *
     * @param instance the instance's name, see {@link GenerationIds#instance()}
     * @return the address
     */
    public static String inbox(String instance) {
        return INBOX + instance;
    }

    /**
     * Where {@link Submit}, {@link Cancel}, {@link Look} and {@link Adopt} for one generator instance go.
     *
     * @param instance the instance's name, see {@link GenerationIds#instance()}
     * @return the address
     */
    public static String generator(String instance) {
        return GENERATOR + instance;
    }
}
