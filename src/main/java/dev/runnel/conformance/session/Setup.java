package dev.runnel.conformance.session;

import dev.runnel.conformance.wire.Target;
import java.util.Map;
import java.util.Optional;

/**
 * What a run works with.
 *
 * @param keys the keys that are known; {@link KeyRole#MAIN} always is
 * @param models the names of models; one that is absent is the server's default, or is not used
 * @param origin an origin that the server allows pages of
 * @param load whether cases may send many requests or wait long
 */
public record Setup(
        Target target,
        Map<KeyRole, String> keys,
        Map<ModelRole, String> models,
        Optional<String> origin,
        boolean load) {

    public Setup {
        keys = Map.copyOf(keys);
        models = Map.copyOf(models);
        if (!keys.containsKey(KeyRole.MAIN)) {
            throw new IllegalArgumentException("keys: without MAIN (expected: a key for ordinary requests)");
        }
    }
}
