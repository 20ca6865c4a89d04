package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(HomeDirectory.find(folder.toString(), Map.of("HOME", "/"))).isEqualTo(folder);
    }

    @Test
    void variableReplacesAnUnknownHome() {
        assertThat(HomeDirectory.find(UNKNOWN, Map.of("HOME", folder.toString())))
                .isEqualTo(folder);
    }

    @Test
    void missingHomeIsAFailureThatNamesTheVariableOfTheDataDirectory() {
        String missing = folder.resolve("missing").toString();

        assertThatThrownBy(() -> HomeDirectory.find(UNKNOWN, Map.of()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("RUNNEL_DATA: ");
        assertThatThrownBy(() -> HomeDirectory.find(UNKNOWN, Map.of("HOME", missing)))
                .isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> HomeDirectory.find(UNKNOWN, Map.of("HOME", "relative")))
                .isInstanceOf(CommandFailure.class);
    }

    @Test
    void dataDirectoryNeedsNoHome() {
        assertThat(HomeDirectory.find(UNKNOWN, Map.of("RUNNEL_DATA", folder.toString())))
                .isAbsolute();
    }
}
