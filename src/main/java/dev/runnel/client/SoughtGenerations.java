package dev.runnel.client;

import dev.runnel.message.Cancel;
import io.vertx.core.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The generations of this process for which another generator is sought: none can cancel them. Any thread. */
public final class SoughtGenerations {

    private final Map<String, Sought> all = new ConcurrentHashMap<>();

    private record Sought(String owner, Consumer<Cancel.Cause> action) {}

    /**
     * A generation has no generator from now on.
     *
     * @param action cancels it, on the context
     */
    void add(String id, String owner, Context context, Consumer<Cancel.Cause> action) {
        all.put(id, new Sought(owner, cause -> context.runOnContext(turn -> action.accept(cause))));
    }

    /** It has a generator, or has ended. */
    void remove(String id) {
        all.remove(id);
    }

    /**
     * Cancels a generation by name.
     *
     * @param cancel of any cause
     * @return whether it is sought, and the cancel is of its owner or of a verticle
     */
    public boolean cancel(Cancel cancel) {
        Sought sought = all.get(cancel.generationId());
        boolean isByName = cancel.cause() != Cancel.Cause.CONSUMER_GONE && cancel.cause() != Cancel.Cause.CONTINUED;
        if (sought == null || !isByName) {
            return false;
        }
        if (!cancel.owner().isEmpty() && !cancel.owner().equals(sought.owner())) {
            return false;
        }
        sought.action().accept(cancel.cause());
        return true;
    }
}
