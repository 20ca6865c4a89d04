package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeDirectoryTest {

    private static final String UNKNOWN = "?";

    @TempDir
    private Path folder;

    @Test
    void homeOfThePasswdFileComesFirst() {
        assertThat(HomeDirectory.find(folder.toString(), Map.of("HOME", "/"))).contains(folder);
    }

    @Test
    void variableReplacesAnUnknownHome() {
        assertThat(HomeDirectory.find(UNKNOWN, Map.of("HOME", folder.toString())))
                .contains(folder);
    }

    @Test
    void homeThatIsMissingOrRelativeIsNotUsed() {
        String missing = folder.resolve("missing").toString();

        assertThat(HomeDirectory.find(UNKNOWN, Map.of())).isEmpty();
        assertThat(HomeDirectory.find(UNKNOWN, Map.of("HOME", missing))).isEmpty();
        assertThat(HomeDirectory.find(UNKNOWN, Map.of("HOME", "relative"))).isEmpty();
    }
}
