package dev.runnel.auth;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The revoked keys that this process knows. Safe for use by several threads. */
public final class Revocations {

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isComplete = true;

    /** Whether the key with this {@link Caller#keyId} was revoked. */
    public boolean contains(String keyId) {
        return revoked.contains(keyId);
    }

    /** Whether no revocation is missing here, as far as this process can know. */
    boolean isComplete() {
        return isComplete;
    }

    void setComplete(boolean complete) {
        isComplete = complete;
    }

    /**
     * Calls a listener with the key id of each further revocation, once. The listener runs on the thread that found the
     * revocation. It must not block, and it must switch to its own context before it uses state of that context.
     *
     * @return removes the listener
     */
    public Runnable onRevoked(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Every key that was revoked, as far as this process knows. */
    public Set<String> all() {
        return Set.copyOf(revoked);
    }

    /** A key was revoked: the registry or another node says so. */
    public void add(String keyId) {
        if (revoked.add(keyId)) {
            listeners.forEach(listener -> notify(listener, keyId));
        }
    }

    private static void notify(Consumer<String> listener, String keyId) {
        try {
            listener.accept(keyId);
        } catch (RuntimeException e) {
            // The failure of one listener must not leave the streams of the others open.
            LOG.error("A listener failed on the revocation of key {}", keyId, e);
        }
    }
}
