package dev.runnel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The home directory of the process. The JVM reads it from the passwd file, where the uid of a container may be
 * missing; the property {@code user.home} is {@code ?} then.
 */
final class HomeDirectory {

    private static final String DATA = "RUNNEL_DATA";

    private HomeDirectory() {}

    /**
     * The value of {@code user.home}, else of {@code HOME}, if it can hold the data directory.
     *
     * @throws CommandFailure if neither can and {@code RUNNEL_DATA} names no other directory
     */
    static Path find(String userHome, Map<String, String> environment) {
        Optional<Path> home = Stream.of(userHome, environment.getOrDefault("HOME", ""))
                .map(Path::of)
                .filter(HomeDirectory::isUsable)
                .findFirst();
        if (home.isEmpty() && environment.getOrDefault(DATA, "").isEmpty()) {
            throw new CommandFailure(DATA + ": not set, and this user has no usable home directory" + " (expected: "
                    + DATA + " is the path of a writable directory)");
        }
        return home.orElse(Objects.requireNonNull(Path.of("").toAbsolutePath().getRoot()));
    }

    private static boolean isUsable(Path home) {
        return home.isAbsolute() && (Files.isDirectory(home.resolve(".runnel")) || Files.isWritable(home));
    }
}
