package dev.runnel.config.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings in environment variables: {@code RUNNEL_HTTP_MAX_BODY_BYTES} is {@code http.maxBodyBytes}. Every single
 * value outside of lists has a variable, also a key without a default. An empty variable counts as not set.
 */
final class Overrides {

    private static final String PREFIX = "RUNNEL_";
    private static final Set<String> OTHERS = Set.of("RUNNEL_CONFIG", "RUNNEL_DATA", "RUNNEL_KEY", "RUNNEL_URL");

    private final Map<String, List<String>> pathByVariable = new TreeMap<>();
    private final Map<List<String>, String> values = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private Overrides(Map<String, ?> defaults) {
        collect(List.of(), defaults);
    }

    /** @param defaults the keys of all settings */
    static Overrides of(Map<String, ?> defaults, Map<String, String> environment) {
        Overrides overrides = new Overrides(defaults);
        new TreeMap<>(environment).forEach(overrides::read);
        return overrides;
    }

    /** One line for each variable that was ignored, without its value, which may be a secret of another program. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The values as the tree of a file. */
    Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = Map.of();
        for (Map.Entry<List<String>, String> entry : values.entrySet()) {
            Object branch = entry.getValue();
            List<String> path = entry.getKey();
            for (int i = path.size() - 1; i > 0; i--) {
                branch = Map.of(path.get(i), branch);
            }
            tree = Layers.merge(tree, Map.of(path.get(0), branch));
        }
        return tree;
    }

    /** Replaces the path in a complaint by the variable, if the value came from the environment. */
    String named(String complaint) {
        for (List<String> path : values.keySet()) {
            String start = String.join(".", path) + ": ";
            if (complaint.startsWith(start)) {
                return variable(path) + ": " + complaint.substring(start.length());
            }
        }
        return complaint;
    }

    private void collect(List<String> path, Map<?, ?> object) {
        object.forEach((key, value) -> {
            List<String> place = new ArrayList<>(path);
            place.add(String.valueOf(key));
            if (value instanceof Map<?, ?> below) {
                collect(place, below);
            } else if (!(value instanceof List)) {
                pathByVariable.put(variable(place), List.copyOf(place));
            }
        });
    }

    private void read(String variable, String value) {
        if (!variable.startsWith(PREFIX) || OTHERS.contains(variable)) {
            return;
        }
        Optional<List<String>> path = Optional.ofNullable(pathByVariable.get(variable));
        if (path.isEmpty()) {
            warnings.add(variable + ": unknown variable, ignored" + hint(variable));
        } else if (value.startsWith("tcp://")) {
            warnings.add(
                    variable + ": ignored, its value starts with tcp://. Kubernetes sets such a variable for a service"
                            + " of that name");
        } else if (!value.isEmpty()) {
            values.put(path.get(), value);
        }
    }

    private String hint(String variable) {
        return Nearest.to(variable, pathByVariable.keySet())
                .map(name -> " (did you mean " + name + "?)")
                .orElse("");
    }

    private static String variable(List<String> path) {
        String snake = String.join("_", path).replaceAll("([a-z0-9])([A-Z])", "$1_$2");
        return PREFIX + snake.toUpperCase(Locale.ROOT);
    }
}
