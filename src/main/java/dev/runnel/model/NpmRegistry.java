package dev.runnel.model;

import dev.runnel.config.tree.Rule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The address of the npm registry, as the configuration of npm has it: the variable {@code npm_config_registry}, or
 * {@code registry} in the user's {@code .npmrc}. Users, tokens and certificates of that configuration are not used.
 *
 * @param environment the variables of the process
 * @param home the user's home directory
 */
record NpmRegistry(Map<String, String> environment, Path home) {

    private static final String PUBLIC = "https://registry.npmjs.org/";
    private static final String KEY = "registry";
    private static final long LONGEST_FILE = 1 << 16;

    static NpmRegistry ofThisMachine() {
        return new NpmRegistry(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /**
     * The address of a package's archive.
     *
     * @throws SourceFailedException if the configured address is not an {@code https} URL
     */
    URI address(NpmPackage wanted) throws SourceFailedException {
        String registry = setting(wanted.scope() + ":" + KEY)
                .or(() -> variable("npm_config_" + KEY))
                .or(() -> variable("NPM_CONFIG_REGISTRY"))
                .or(() -> setting(KEY))
                .orElse(PUBLIC);
        String url = (registry.endsWith("/") ? registry : registry + "/") + wanted.path();
        return Rule.httpsUrl()
                .parse()
                .apply(url)
                .orElseThrow(() -> new SourceFailedException("the registry in the configuration of npm is not "
                        + Rule.httpsUrl().expected()));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private Optional<String> setting(String key) {
        return lines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .filter(rest -> rest.startsWith("="))
                .map(rest -> rest.substring(1).strip())
                .filter(value -> !value.isEmpty())
                .reduce((first, last) -> last);
    }

    private List<String> lines() {
        Path file = variable("npm_config_userconfig").map(Path::of).orElse(home.resolve(".npmrc"));
        try {
            return Files.size(file) <= LONGEST_FILE ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // npm has no configuration
        }
    }
}
