package dev.runnel.resume;

import io.vertx.core.Future;

/**
 * The idempotency keys of all nodes. A node asks for a key after its own {@link KeptGenerations} do not know it. Any
 * thread; futures complete on the calling context, and do not fail.
 */
public interface SharedKeys {

    /** Of a process without a cluster: no other node has keys. */
    SharedKeys NONE = new SharedKeys() {

        @Override
        public Future<Answer> claim(ClaimRequest request, long number, String lost) {
            return Future.succeededFuture(new Answer.Granted());
        }

        @Override
        public Future<Answer> find(ClaimRequest request, String lost) {
            return Future.succeededFuture(new Answer.Free());
        }

        @Override
        public Future<Void> keep(ClaimRequest request, long number, String generationId) {
            return Future.succeededFuture();
        }

        @Override
        public void release(ClaimRequest request, long number) {
            // No other node knows it.
        }
    };

    /** What a key stands for, in the cluster. */
    sealed interface Answer {

        /** It is this node's. It must be kept or released. */
        record Granted() implements Answer {}

        /** It stands for nothing. */
        record Free() implements Answer {}

        /** A request on another node has it, and is not answered yet. */
        record Pending() implements Answer {}

        /**
         * It stands for a generation that another node keeps. If the node that started it is gone, another one may have
         * it, or it is lost.
         *
         * @param isSameRequest whether that was requested by an equal request
         */
        record Kept(String generationId, boolean isSameRequest) implements Answer {}

        /** The member that knows does not answer in time. */
        record Silent() implements Answer {}
    }

    /**
     * Claims a key for this node.
     *
     * @param number names the claim on this node
     * @param lost the id of a generation that was not found: a key of a node that is no member does not stand for it
     *     any more. Empty if none was looked for
     * @return {@code Granted}, {@code Pending}, {@code Kept} or {@code Silent}
     */
    Future<Answer> claim(ClaimRequest request, long number, String lost);

    /**
     * Looks a key up.
     *
     * @param lost as for a claim
     * @return {@code Free}, {@code Pending}, {@code Kept} or {@code Silent}
     */
    Future<Answer> find(ClaimRequest request, String lost);

    /**
     * From now on a key of this node stands for a generation.
     *
     * @return completes when other nodes find it, or when that is tried later
     */
    Future<Void> keep(ClaimRequest request, long number, String generationId);

    /** Frees a key of this node. */
    void release(ClaimRequest request, long number);
}
