package dev.runnel.resume;

import dev.runnel.message.KeptEntry;
import io.vertx.core.Future;

/** A directory whose entries a test plays: nothing is added or removed. Each node is a member by default. */
public abstract class ReadOnlyDirectory implements GenerationDirectory {

    @Override
    public Future<Void> add(KeptEntry entry) {
        return NONE.add(entry);
    }

    @Override
    public void remove(String id, String guardian) {
        NONE.remove(id, guardian);
    }

    @Override
    public void forget(String id) {
        NONE.forget(id);
    }

    @Override
    public boolean isMember(String node) {
        return NONE.isMember(node);
    }
}
