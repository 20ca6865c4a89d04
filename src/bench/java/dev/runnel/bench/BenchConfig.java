package dev.runnel.bench;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads a configuration as the service does. */
public final class BenchConfig {

    private BenchConfig() {}

    /** Reads it with this process's environment. */
    public static RunnelConfig read(Path file) {
        return read(file, System.getenv());
    }

    /** Reads it with the environment of another process. */
    public static RunnelConfig read(Path file, Map<String, String> environment) {
        try {
            return new ConfigReader(
                            Optional.of(Path.of(System.getProperty("user.home"))),
                            environment,
                            Engines.onClassPath()::complaints)
                    .read(Optional.of(file))
                    .config();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(String.join("\n", e.complaints()), e);
        }
    }
}
