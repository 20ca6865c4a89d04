package dev.runnel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The home directory of the process. The JVM reads it from the passwd file, where the uid of a container may be
 * missing; the property {@code user.home} is {@code ?} then.
 */
final class HomeDirectory {

    private HomeDirectory() {}

    /** The value of {@code user.home}, else of {@code HOME}, if it can hold the data directory. */
    static Optional<Path> find(String userHome, Map<String, String> environment) {
        return Stream.of(userHome, environment.getOrDefault("HOME", ""))
                .map(Path::of)
                .filter(HomeDirectory::isUsable)
                .findFirst();
    }

    private static boolean isUsable(Path home) {
        return home.isAbsolute() && (Files.isDirectory(home.resolve(".runnel")) || Files.isWritable(home));
    }
}
