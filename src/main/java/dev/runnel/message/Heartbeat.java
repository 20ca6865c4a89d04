package dev.runnel.message;

import java.util.List;

/**
 * One node of a cluster runs. Each node sends one a second to each other node, which answers with {@link Heard}.
 *
 * @param node the sending node
 * @param form the newest form of the records that the node writes
 * @param oldestForm the oldest form of the records that the node reads
 * @param secret a fingerprint of the secret that signs keys
 * @param clockMillis a monotonic clock of the node in milliseconds, with a start of its own
 * @param generators the addresses of its generators; none while the node accepts no new generations
 * @param models the models that are available on it
 * @param sent how far texts were sent to the receiving node, where it has not compared that yet
 */
public record Heartbeat(
        String node,
        int form,
        int oldestForm,
        String secret,
        long clockMillis,
        List<String> generators,
        List<ModelPlaces> models,
        List<SentTexts> sent) {

    /** The form of the records that this version writes, and the oldest that it reads. */
    public static final int FORM = 1;

    /** Copies the lists. */
    public Heartbeat {
        generators = List.copyOf(generators);
        models = List.copyOf(models);
        sent = List.copyOf(sent);
    }

    /**
     * A heartbeat of a node that has nothing to compare.
     *
     * @param node the sending node
     * @param form the newest form of the records that the node writes
     * @param oldestForm the oldest form of the records that the node reads
     * @param secret a fingerprint of the secret that signs keys
     * @param clockMillis a monotonic clock of the node in milliseconds
     * @param generators the addresses of its generators
     * @param models the models that are available on it
     */
    public Heartbeat(
            String node,
            int form,
            int oldestForm,
            String secret,
            long clockMillis,
            List<String> generators,
            List<ModelPlaces> models) {
        this(node, form, oldestForm, secret, clockMillis, generators, models, List.of());
    }
}
