package dev.runnel.cli;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config FILE}, of every command that reads the configuration. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; without it RUNNEL_CONFIG, else the defaults.")
    private @Nullable Path file;

    /** Reads it, and says what was ignored. */
    RunnelConfig read(Console console) {
        ConfigReader.Loaded loaded = load();
        loaded.warnings().forEach(console::say);
        return loaded.config();
    }

    /** Reads it. */
    ConfigReader.Loaded load() {
        ConfigReader reader = new ConfigReader(
                Path.of(System.getProperty("user.home")), System.getenv(), Engines.onClassPath()::complaints);
        try {
            return reader.read(Optional.ofNullable(file));
        } catch (ConfigException e) {
            throw new CommandFailure(String.join(System.lineSeparator(), e.complaints()));
        }
    }
}
