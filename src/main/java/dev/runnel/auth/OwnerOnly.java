package dev.runnel.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read or write (mode 0600), on file systems with POSIX permissions. */
final class OwnerOnly {

    private static final Set<PosixFilePermission> PERMISSIONS =
            Set.copyOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

    private OwnerOnly() {}

    /** The attributes to create such a file in a directory. */
    static FileAttribute<?>[] attributes(Path directory) {
        return isSupported(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PERMISSIONS)}
                : new FileAttribute<?>[0];
    }

    /**
     * Checks that no other user has rights on a file.
     *
     * @param next what the operator does after {@code chmod}
     * @throws AuthSetupException when one has
     */
    static void check(Path file, String next) throws IOException {
        if (!isSupported(file)) {
            return;
        }
        Set<PosixFilePermission> actual = Files.getPosixFilePermissions(file);
        if (!PERMISSIONS.containsAll(actual)) {
            throw new AuthSetupException(file + ": " + PosixFilePermissions.toString(actual)
                    + " (expected: rw------- or less; run chmod 600 on it, and " + next
                    + "; with fsGroup, Kubernetes needs fsGroupChangePolicy: OnRootMismatch)");
        }
    }

    private static boolean isSupported(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
