package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.config.tree.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A directory with a configuration file, and an environment. Its {@code home} is the user's home directory. */
final class ConfigFolder {

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    ConfigFolder(Path folder) {
        this.folder = folder;
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    Path write(String yaml) {
        try {
            return Files.writeString(folder.resolve("runnel.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigReader.Loaded read() throws ConfigException {
        return reader().read(Optional.empty());
    }

    ConfigReader.Loaded read(Path file) throws ConfigException {
        return reader().read(Optional.of(file));
    }

    List<String> complaints(String yaml) {
        return complaintsOf(Optional.of(write(yaml)));
    }

    List<String> complaintsOf(Optional<Path> file) {
        ConfigException exception = catchThrowableOfType(ConfigException.class, () -> reader().read(file));
        assertThat(exception).isNotNull();
        return exception.complaints();
    }

    ConfigReader reader() {
        return new ConfigReader(Optional.of(folder.resolve("home")), environment, ConfigFolder::templateOnly);
    }

    private static List<String> templateOnly(ModelConfig model) {
        return model.settings().containsKey("templat")
                ? List.of("templat: unknown key (did you mean template?)")
                : List.of();
    }
}
