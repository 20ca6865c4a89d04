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
    private static final String FILE_IN_HOME = "auth: { secretFile: ~/x.secret }\n";

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
    void pathInTheHomeIsRefused() {
        String complaint = "secretFile: ~/x.secret (expected: an absolute path; no home directory is known)";

        assertThatThrownBy(() -> reader(DATA).readText(FILE_IN_HOME)).hasMessageContaining(complaint);
    }

    private static ConfigReader reader(Map<String, String> environment) {
        return new ConfigReader(Optional.empty(), environment, model -> List.of());
    }
}
