package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class NativeFolderTest {

    private static final String PROPERTY = "jna.tmpdir";

    @TempDir
    private Path data;

    private String before;

    @BeforeEach
    void clear() {
        before = System.clearProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        System.clearProperty(PROPERTY);
        if (before != null) {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void jnaUnpacksIntoTheDataDirectory() {
        NativeFolder.use(data.resolve("new"));

        assertThat(System.getProperty(PROPERTY))
                .isEqualTo(data.resolve("new/native").toString());
        assertThat(data.resolve("new/native")).isDirectory();
    }

    @Test
    void jnaChoosesWhereTheDataDirectoryCannotHaveTheFolder() throws IOException {
        NativeFolder.use(Files.createFile(data.resolve("file")));

        assertThat(System.getProperty(PROPERTY)).isNull();
    }

    @Test
    void settingOfTheOperatorStays() {
        System.setProperty(PROPERTY, "/elsewhere");

        NativeFolder.use(data);

        assertThat(System.getProperty(PROPERTY)).isEqualTo("/elsewhere");
        assertThat(data).isEmptyDirectory();
    }
}
