package dev.runnel.cli;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config FILE} of every command that reads the configuration. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file. Default: the file in RUNNEL_CONFIG, else none.")
    private @Nullable Path file;

    /** What a single command does with the configuration. */
    interface Action {

        void run(RunnelConfig config, Console console) throws Exception;
    }

    /** Reads the configuration, prints the warnings and runs the action; returns the exit status of success. */
    int run(Action action) throws Exception {
        Console console = Console.ofProcess();
        action.run(load(console), console);
        return 0;
    }

    /** Reads the configuration and prints the warnings. */
    RunnelConfig load(Console console) {
        ConfigReader.Loaded loaded = load();
        loaded.warnings().forEach(console::warn);
        return loaded.config();
    }

    /** Reads the configuration. */
    ConfigReader.Loaded load() {
        ConfigReader reader = new ConfigReader(
                HomeDirectory.find(System.getProperty("user.home", ""), System.getenv()),
                System.getenv(),
                Engines.onClassPath()::complaints);
        try {
            return reader.read(Optional.ofNullable(file));
        } catch (ConfigException e) {
            throw new CommandFailure(String.join(System.lineSeparator(), e.complaints()));
        }
    }
}
