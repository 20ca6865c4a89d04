package dev.runnel.config;

import dev.runnel.config.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations of tests: the shipped defaults under a YAML text. No engine checks its models. */
public final class TestConfig {

    private TestConfig() {}

    public static RunnelConfig of(String yaml) {
        try {
            return new ConfigReader(Optional.of(Path.of("unused")), Map.of(), model -> List.of()).readText(yaml);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
