package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each key has used. Any thread. The first keys that used anything are shown under their ids, all further ones together
 * as {@code other}, so that nobody can make the labels grow; what has no key is {@code none}.
 */
final class KeyMeters {

    private static final String NO_KEY = "none";
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final int keys;
    private final Map<String, OfKey> shown = new ConcurrentHashMap<>();
    private final OfKey none;
    private final OfKey other;

    /** @param keys how many are shown under their own ids, 0 or more */
    KeyMeters(MeterRegistry registry, int keys) {
        this.registry = registry;
        this.keys = keys;
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

    private OfKey of(String keyId) {
        if (keyId.isEmpty()) {
            return none;
        }
        OfKey known = shown.get(keyId);
        return known == null ? newcomer(keyId) : known;
    }

    /** Alone, as it is the only one that adds to those that are shown. */
    private synchronized OfKey newcomer(String keyId) {
        return shown.size() < keys ? shown.computeIfAbsent(keyId, OfKey::new) : shown.getOrDefault(keyId, other);
    }

    private final class OfKey {

        private final String label;
        private final Counter requests;
        private final Counter promptTokens;
        private final Counter completionTokens;

        private OfKey(String label) {
            this.label = label;
            this.requests = Counter.builder("runnel.key.requests")
                    .description("Generations of a key that have ended; of the keys that are not shown together: other")
                    .tag("key", label)
                    .register(registry);
            this.promptTokens = tokens("prompt");
            this.completionTokens = tokens("completion");
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
