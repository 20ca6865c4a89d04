package dev.runnel.config.tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All settings in one tree. A file overrides the defaults in the jar, and the environment overrides both. Read the
 * {@link #root()}, then call {@link #check()}.
 *
 * <p>For one thread.
 */
public final class ConfigTree {

    private final Overrides overrides;
    private final List<String> complaints;
    private final Section root;

    private ConfigTree(Overrides overrides, Map<String, @Nullable Object> values, List<String> complaints) {
        this.overrides = overrides;
        this.complaints = complaints;
        this.root = Section.of("", values, complaints);
    }

    /**
     * Reads a file; without one, the defaults and the environment alone.
     *
     * @param source the option or variable that names the file, for complaints
     * @param home what {@code ~/} stands for
     */
    public static ConfigTree ofFile(
            Optional<Path> file, String source, Optional<Path> home, Map<String, String> environment)
            throws ConfigException {
        Map<String, @Nullable Object> written = file.isPresent() ? ConfigFile.read(file.get(), source) : Map.of();
        Path folder = file.map(Path::getParent).orElse(workingDirectory());
        return of(written, folder, home, environment);
    }

    /** Reads YAML as if it were a file in the working directory. */
    public static ConfigTree ofText(String yaml, Optional<Path> home, Map<String, String> environment)
            throws ConfigException {
        return of(YamlText.parse("text", yaml), workingDirectory(), home, environment);
    }

    private static ConfigTree of(
            Map<String, @Nullable Object> written, Path folder, Optional<Path> home, Map<String, String> environment)
            throws ConfigException {
        List<String> complaints = new ArrayList<>();
        Map<String, @Nullable Object> defaults = ConfigFile.defaults();
        Overrides overrides = Overrides.of(defaults, environment);
        Map<String, @Nullable Object> middle = new FilePaths(folder, home, complaints).absoluteIn(written);
        Map<String, @Nullable Object> last =
                new FilePaths(workingDirectory(), home, complaints).absoluteIn(overrides.tree());
        return new ConfigTree(overrides, Layers.merge(Layers.merge(defaults, middle), last), complaints);
    }

    private static Path workingDirectory() {
        return Path.of("").toAbsolutePath();
    }

    public Section root() {
        return root;
    }

    /** One line for each variable that was ignored. */
    public List<String> warnings() {
        return overrides.warnings();
    }

    /**
     * Reports unknown keys and everything else that is wrong. Call it once, after all sections have been read.
     *
     * @throws ConfigException with all complaints at once; a value from the environment is named by its variable
     */
    public void check() throws ConfigException {
        root.done();
        if (!complaints.isEmpty()) {
            throw new ConfigException(complaints.stream().map(overrides::named).toList());
        }
    }
}
