package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each key has used, and how often its limits stood against it. One for a process; any thread. The first keys that come
 * are shown under their ids, all further ones together as {@code other}, so that nobody can make the labels grow; what has no
 * key is {@code none}.
 */
public final class KeyMeters {

    private static final int KEYS_SHOWN = 100;
    private static final String NO_KEY = "none";
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Map<String, OfKey> shown = new ConcurrentHashMap<>();
    private final OfKey none;
    private final OfKey other;

    public KeyMeters(MeterRegistry registry) {
        this.registry = registry;
        this.none = new OfKey(NO_KEY);
        this.other = new OfKey(OTHER);
    }

    /**
     * A generation that was accepted has ended.
     *
     * @param keyId whose it was; empty for nobody's
     */
    void ended(String keyId, int tokensOfPrompt, int tokensOfCompletion) {
        OfKey key = of(keyId);
        key.requests.increment();
        key.promptTokens.increment(tokensOfPrompt);
        key.completionTokens.increment(tokensOfCompletion);
    }

    /** A limit of the key stood against a request. */
    void refused(String keyId) {
        of(keyId).refusals.increment();
    }

    private OfKey of(String keyId) {
        if (keyId.isEmpty()) {
            return none;
        }
        OfKey known = shown.get(keyId);
        return known == null ? newcomer(keyId) : known;
    }

    /** Alone, as it is the only one that adds to those that are shown. */
    private synchronized OfKey newcomer(String keyId) {
        return shown.size() < KEYS_SHOWN ? shown.computeIfAbsent(keyId, OfKey::new) : shown.getOrDefault(keyId, other);
    }

    private final class OfKey {

        private final String label;
        private final Counter requests;
        private final Counter refusals;
        private final Counter promptTokens;
        private final Counter completionTokens;

        private OfKey(String label) {
            this.label = label;
            this.requests =
                    counter("requests", "Generations of a key that have ended; of the keys that are not shown: other");
            this.refusals = counter("refusals", "Requests of a key that one of its limits stood against");
            this.promptTokens = tokens("prompt");
            this.completionTokens = tokens("completion");
        }

        private Counter counter(String what, String description) {
            return Counter.builder("runnel.key." + what)
                    .description(description)
                    .tag("key", label)
                    .register(registry);
        }

        private Counter tokens(String type) {
            return Counter.builder("runnel.key.tokens")
                    .description("Tokens of a key's generations that have ended")
                    .tag("key", label)
                    .tag("type", type)
                    .register(registry);
        }
    }
}
