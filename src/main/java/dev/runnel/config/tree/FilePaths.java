package dev.runnel.config.tree;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the paths in a configuration absolute. Paths are the values of {@code file} and of every key that ends in
 * {@code File}.
 *
 * @param folder the folder of relative paths
 * @param home what {@code ~/} stands for; without it, such a path gets a complaint
 */
record FilePaths(Path folder, Optional<Path> home, List<String> complaints) {

    private static final String HOME = "~/";

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
        return value instanceof String text && isPath(key) ? absoluteFile(key, text) : value;
    }

    private static boolean isPath(String key) {
        return key.equals("file") || key.endsWith("File");
    }

    private String absoluteFile(String key, String text) {
        boolean isInHome = text.startsWith(HOME);
        if (isInHome && home.isEmpty()) {
            complaints.add(key + ": " + text + " (expected: an absolute path; no home directory is known)");
        }
        if (text.isBlank() || (isInHome && home.isEmpty())) {
            return text;
        }
        try {
            Path path = isInHome ? home.get().resolve(text.substring(HOME.length())) : folder.resolve(text);
            return path.normalize().toString();
        } catch (InvalidPathException e) {
            return text; // The rule of this key refuses it.
        }
    }
}
