package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The usage of each key, and how often its limits refused a request. One for a process; any thread. The first 100 keys
 * have a label with their id. All further keys share {@code other}, so that clients cannot add labels without end. A
 * generation without a key has {@code none}.
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
     * @param keyId the caller's key, or empty
     */
    void ended(String keyId, int tokensOfPrompt, int tokensOfCompletion) {
        OfKey key = of(keyId);
        key.requests.increment();
        key.promptTokens.increment(tokensOfPrompt);
        key.completionTokens.increment(tokensOfCompletion);
    }

    /** A limit of the key refused a request. */
    void refused(String keyId) {
        of(keyId).refusals.increment();
    }

    private OfKey of(String keyId) {
        if (keyId.isEmpty()) {
            return none;
        }
        OfKey known = shown.get(keyId);
        return known == null ? addedOrOther(keyId) : known;
    }

    /** Synchronized, because it is the only method that adds to the shown keys and it checks their number first. */
    private synchronized OfKey addedOrOther(String keyId) {
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
            this.requests = counter(
                    "requests",
                    "Generations of a key that have ended. The first 100 keys have a label of their own, all others are"
                            + " counted as other, and generations without a key as none");
            this.refusals = counter("refusals", "Requests of a key that one of its limits refused");
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
                    .description("Tokens of a key's generations, counted when the generation ends")
                    .tag("key", label)
                    .tag("type", type)
                    .register(registry);
        }
    }
}
