package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The configuration of a user without a home directory. */
class HomelessConfigTest {

    private static final Map<String, String> DATA = Map.of("RUNNEL_DATA", "/data");

    @Test
    void dataDirectoryIsMissedOnlyWhenItIsNeeded() throws ConfigException {
        RunnelConfig config = reader(Map.of("RUNNEL_DATA", "")).readText("");

        assertThat(config.models()).isNotEmpty();
        assertThatThrownBy(config::dataDirectory)
                .isInstanceOf(MissingDirectoryException.class)
                .hasMessageStartingWith("RUNNEL_DATA: not set");
    }

    @Test
    void dataDirectoryNeedsNoHome() throws ConfigException {
        assertThat(reader(DATA).readText("").dataDirectory()).isEqualTo(Path.of("/data"));
    }

    @Test
    void pathInTheHomeIsRefusedOnce() {
        assertComplaint(DATA, "auth: { secretFile: ~/x.secret }", "auth.secretFile: ~/x.secret");
        assertComplaint(
                DATA,
                "models: [ { name: smollm2-135m-instruct, engine: scripted, file: ~/x.gguf } ]",
                "models[0].file: ~/x.gguf");
        assertComplaint(
                Map.of("RUNNEL_DATA", "/data", "RUNNEL_AUTH_SECRET_FILE", "~/x.secret"),
                "",
                "RUNNEL_AUTH_SECRET_FILE: ~/x.secret");
    }

    private static void assertComplaint(Map<String, String> environment, String yaml, String value) {
        assertThatThrownBy(() -> reader(environment).readText(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.complaints())
                                .containsExactly(value + " (expected: an absolute path; no home directory is known)"));
    }

    private static ConfigReader reader(Map<String, String> environment) {
        return new ConfigReader(Optional.empty(), environment, model -> List.of());
    }
}
