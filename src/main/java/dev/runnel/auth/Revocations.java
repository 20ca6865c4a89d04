package dev.runnel.auth;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that were revoked, as this process knows. Safe for use by several threads. */
public final class Revocations {

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /** Whether the key with this {@link Caller#keyId} was revoked. */
    public boolean contains(String keyId) {
        return revoked.contains(keyId);
    }

    /**
     * Has each further revocation told, once, by its key id. The listener runs on the thread that found it: it must not block,
     * and go to its own context before it touches anything that lives there.
     *
     * @return ends this
     */
    public Runnable onRevoked(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void add(String keyId) {
        if (revoked.add(keyId)) {
            listeners.forEach(listener -> tell(listener, keyId));
        }
    }

    private static void tell(Consumer<String> listener, String keyId) {
        try {
            listener.accept(keyId);
        } catch (RuntimeException e) {
            // A listener's fault must not leave the others' streams open.
            LOG.error("A listener failed at the revocation of key {}", keyId, e);
        }
    }
}
