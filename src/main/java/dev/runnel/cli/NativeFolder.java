package dev.runnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which JNA unpacks a library of its own at its first use. By default that is a temporary folder or one
 * below the home directory. The data directory works also if {@code /tmp} is mounted with noexec or the user has no
 * home.
 */
final class NativeFolder {

    private static final Logger LOG = LoggerFactory.getLogger(NativeFolder.class);
    private static final String PROPERTY = "jna.tmpdir";

    private NativeFolder() {}

    /** Sets JNA's folder to {@code native} in the data directory, unless it is set or the folder cannot be made. */
    static void use(Path dataDirectory) {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Path folder = Files.createDirectories(dataDirectory.resolve("native"));
            if (Files.isWritable(folder)) {
                System.setProperty(PROPERTY, folder.toAbsolutePath().toString());
            }
        } catch (IOException e) {
            // With the property set, JNA would not try its own folders.
            LOG.debug("JNA unpacks into a folder of its own choice: {}", e.toString());
        }
    }
}
