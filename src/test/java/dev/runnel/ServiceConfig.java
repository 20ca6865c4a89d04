package dev.runnel;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Configurations of tests that start the service: the engines on the class path check their models. */
public final class ServiceConfig {

    private ServiceConfig() {}

    /**
     * Reads a configuration.
     *
     * @param data the data directory
     */
    public static RunnelConfig of(String yaml, Path data) {
        Map<String, String> environment = Map.of("RUNNEL_DATA", data.toString());
        try {
            return new ConfigReader(Optional.of(data), environment, Engines.onClassPath()::complaints).readText(yaml);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
