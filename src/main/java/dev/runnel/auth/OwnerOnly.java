package dev.runnel.auth;

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

    static final Set<PosixFilePermission> PERMISSIONS =
            Set.copyOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

    private OwnerOnly() {}

    /** The attributes to create such a file in a directory. */
    static FileAttribute<?>[] attributes(Path directory) {
        return isSupported(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PERMISSIONS)}
                : new FileAttribute<?>[0];
    }

    static boolean isSupported(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
