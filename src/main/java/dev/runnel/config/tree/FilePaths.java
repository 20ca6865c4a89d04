package dev.runnel.config.tree;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the paths in a configuration absolute. Paths are the values of {@code file} and of every key that ends in
 * {@code File}.
 *
 * @param folder the folder of relative paths
 * @param home what {@code ~/} stands for
 */
record FilePaths(Path folder, Path home) {

    Map<String, @Nullable Object> absoluteIn(Map<?, ?> object) {
        Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
        object.forEach((key, value) -> resolved.put(String.valueOf(key), absolute(String.valueOf(key), value)));
        return resolved;
    }

    @Nullable
    Object absolute(String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return absoluteIn(object);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> absolute("", item)).collect(Collectors.toList());
        }
        return value instanceof String text && isPath(key) ? absolute(text) : value;
    }

    private static boolean isPath(String key) {
        return key.equals("file") || key.endsWith("File");
    }

    private String absolute(String text) {
        if (text.isBlank()) {
            return text;
        }
        try {
            Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : folder.resolve(text);
            return path.normalize().toString();
        } catch (InvalidPathException e) {
            return text; // The rule of this key refuses it.
        }
    }
}
