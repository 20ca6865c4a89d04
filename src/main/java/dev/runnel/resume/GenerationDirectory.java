package dev.runnel.resume;

import dev.runnel.message.KeptEntry;
import io.vertx.core.Future;
import java.util.Optional;

/** Where the resumable generations of all nodes are. Any thread; futures complete on the calling context. */
public interface GenerationDirectory {

    /** Of a process without a cluster: all generations are its own. */
    GenerationDirectory NONE = new GenerationDirectory() {

        @Override
        public Future<Void> add(KeptEntry entry) {
            return Future.succeededFuture();
        }

        @Override
        public void remove(String id, String guardian) {
            // Nothing was added.
        }

        @Override
        public void forget(String id) {
            // Nothing was added.
        }

        @Override
        public boolean isMember(String node) {
            return true;
        }

        @Override
        public Future<Optional<KeptEntry>> find(String id) {
            return Future.succeededFuture(Optional.empty());
        }
    };

    /**
     * Adds a generation of this process.
     *
     * @return completes when other nodes can find it, or when it is given up; does not fail
     */
    Future<Void> add(KeptEntry entry);

    /** Removes a generation that is not kept any more, unless it has another guardian than that. */
    void remove(String id, String guardian);

    /** Removes a generation that no node keeps any more, unless its guardian's node is a member. */
    void forget(String id);

    /**
     * Finds a generation.
     *
     * @return empty if no node keeps it; fails if the answer does not come in time
     */
    Future<Optional<KeptEntry>> find(String id);

    /** Whether a node is a member of the cluster, as this one sees it. */
    boolean isMember(String node);

    /** Whether there are enough members. A part with fewer does not know what it has lost. */
    default boolean isWhole() {
        return true;
    }

    /** The idempotency keys of all nodes. */
    default SharedKeys keys() {
        return SharedKeys.NONE;
    }
}
