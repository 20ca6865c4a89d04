package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmRegistryTest {

    private static final NpmPackage WANTED =
            new NpmPackage("@tiny", "linux", "1.0.0", "bins", Set.of(), "0".repeat(64), 1);

    @TempDir
    Path home;

    @Test
    void registryIsThePublicOneWithoutAConfiguration() throws Exception {
        assertThat(address(Map.of())).isEqualTo("https://registry.npmjs.org/@tiny/linux/-/linux-1.0.0.tgz");
        assertThat(address(Map.of("npm_config_registry", ""))).startsWith("https://registry.npmjs.org/");
    }

    @Test
    void fileOfTheUserNamesARegistry() throws Exception {
        Files.writeString(home.resolve(".npmrc"), """
            ; registry=https://comment.example/
            //npm.example/:_authToken=secret
            registry-mirror=https://other.example/
            registry = https://npm.example/path
            """);

        assertThat(address(Map.of())).isEqualTo("https://npm.example/path/@tiny/linux/-/linux-1.0.0.tgz");
    }

    @Test
    void variableOverridesTheFileAndTheScopeBoth() throws Exception {
        Path file = Files.writeString(home.resolve(".npmrc"), "registry=https://file.example/\n");
        Map<String, String> environment = Map.of("npm_config_registry", "https://variable.example");

        assertThat(address(environment)).startsWith("https://variable.example/@tiny/");
        Files.writeString(file, "registry=https://file.example/\n@tiny:registry=https://scope.example/\n");
        assertThat(address(environment)).startsWith("https://scope.example/@tiny/");
    }

    @Test
    void registryWithoutTlsIsRefused() {
        assertThatThrownBy(() -> address(Map.of("npm_config_registry", "http://npm.example/")))
                .isInstanceOf(SourceFailedException.class)
                .hasMessageStartingWith("the registry in the configuration of npm is not an https URL");
    }

    private String address(Map<String, String> environment) throws SourceFailedException {
        return new NpmRegistry(environment, home).address(WANTED).toString();
    }
}
