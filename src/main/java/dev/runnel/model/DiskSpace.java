package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Checks that a file fits on the disk before it is written. */
final class DiskSpace {

    /** Stays free for other programs, and for the file system itself. */
    private static final long RESERVE_BYTES = 16 << 20;

    private static final long MEGABYTE = 1_000_000;

    private DiskSpace() {}

    /**
     * Refuses a file that does not fit.
     *
     * @param file the file that is about to be written
     * @param bytes how many bytes it will grow by
     */
    static void check(FetchTools.Disk disk, Path file, long bytes) throws SourceFailedException, IOException {
        Path folder = folder(file);
        long usable = disk.usableBytes(folder);
        if (usable < bytes + RESERVE_BYTES) {
            throw new SourceFailedException("needs " + inMegabytes(bytes + RESERVE_BYTES) + " on the disk of " + folder
                    + ", where " + inMegabytes(usable) + " are free");
        }
    }

    /** By how many bytes a file can grow. */
    static long free(FetchTools.Disk disk, Path file) throws IOException {
        return Math.max(0, disk.usableBytes(folder(file)) - RESERVE_BYTES);
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static String inMegabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
    }
}
