package dev.runnel.config.tree;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return absoluteIn("", object);
    }

    /** @param prefix the place of the object, as in complaints: {@code models[1].} */
    private Map<String, @Nullable Object> absoluteIn(String prefix, Map<?, ?> object) {
        Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
        object.forEach((key, value) -> resolved.put(String.valueOf(key), absolute(prefix + key, value)));
        return resolved;
    }

    private @Nullable Object absolute(String place, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return absoluteIn(place + ".", object);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(absolute(place + "[" + items.size() + "]", item)));
            return items;
        }
        return value instanceof String text && isPath(place) ? absoluteFile(place, text) : value;
    }

    private static boolean isPath(String place) {
        return place.equals("file") || place.endsWith(".file") || place.endsWith("File");
    }

    private String absoluteFile(String place, String text) {
        boolean isInHome = text.startsWith(HOME);
        if (isInHome && home.isEmpty()) {
            complaints.add(place + ": " + text + " (expected: an absolute path; no home directory is known)");
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
