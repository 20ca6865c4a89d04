package dev.runnel.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays one tree of settings over another: objects merge, everything else replaces, a key without a value changes nothing. */
final class Layers {

    private Layers() {}

    static Map<String, @Nullable Object> over(Map<String, ?> below, Map<String, ?> above) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>(below);
        above.forEach((key, value) -> merged.put(key, value == null ? merged.get(key) : over(merged.get(key), value)));
        return merged;
    }

    private static Object over(@Nullable Object below, Object above) {
        return below instanceof Map<?, ?> lower && above instanceof Map<?, ?> upper
                ? over(keyed(lower), keyed(upper))
                : above;
    }

    private static Map<String, @Nullable Object> keyed(Map<?, ?> map) {
        Map<String, @Nullable Object> keyed = new LinkedHashMap<>();
        map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
        return keyed;
    }
}
