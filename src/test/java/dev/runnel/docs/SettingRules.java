package dev.runnel.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the rule of each setting: gives it a value of a wrong shape and reads the complaint. */
final class SettingRules {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String EXPECTED = " (expected: ";

    private final String shipped;

    /** @param shipped a valid configuration with an entry of every kind */
    SettingRules(String shipped) {
        this.shipped = shipped;
    }

    /** The rule in words; empty if the key holds an object, or a list of objects. */
    Optional<String> of(String path) {
        Optional<String> rule = expected(path, path, YAML.createObjectNode());
        if (rule.isEmpty() || rule.get().equals("a list of objects")) {
            return Optional.empty();
        }
        if (!rule.get().equals("a list")) {
            return rule;
        }
        JsonNode list = YAML.createArrayNode().add(YAML.createObjectNode());
        return expected(path, path + "[0]", list).map(item -> "a list of: " + item);
    }

    boolean isRequired(String path) {
        return complaints(path, null).stream().anyMatch(line -> line.startsWith(path + ": missing" + EXPECTED));
    }

    private Optional<String> expected(String path, String place, JsonNode wrong) {
        return complaints(path, wrong).stream()
                .filter(line -> line.startsWith(place + ": an object" + EXPECTED))
                .map(line -> line.substring(line.indexOf(EXPECTED) + EXPECTED.length(), line.length() - 1))
                .findFirst();
    }

    private List<String> complaints(String path, JsonNode value) {
        try {
            JsonNode tree = YAML.readTree(shipped);
            int dot = path.lastIndexOf('.');
            ObjectNode parent = (ObjectNode) (dot < 0 ? tree : tree.at(pointer(path.substring(0, dot))));
            String key = path.substring(dot + 1);
            if (value == null) {
                parent.remove(key);
            } else {
                parent.set(key, value);
            }
            var reader = new ConfigReader(Optional.of(Path.of("unused")), Map.of(), Engines.onClassPath()::complaints);
            reader.readText(YAML.writeValueAsString(tree));
            return List.of();
        } catch (ConfigException e) {
            return e.complaints();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pointer(String path) {
        return "/" + path.replace('.', '/').replace("[", "/").replace("]", "");
    }
}
