package dev.runnel.config.tree;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges trees of settings: objects merge, every other value replaces, a key without a value changes nothing. */
final class Layers {

    private Layers() {}

    static Map<String, @Nullable Object> merge(Map<?, ?> lower, Map<?, ?> upper) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        lower.forEach((key, value) -> merged.put(String.valueOf(key), value));
        upper.forEach((key, value) -> {
            String name = String.valueOf(key);
            merged.put(name, mergeValue(merged.get(name), value));
        });
        return merged;
    }

    private static @Nullable Object mergeValue(@Nullable Object below, @Nullable Object above) {
        if (below instanceof Map<?, ?> lower && above instanceof Map<?, ?> upper) {
            return merge(lower, upper);
        }
        return above == null ? below : above;
    }
}
