package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Asks whether something fits before it is written. */
final class DiskSpace {

    /** What is left to others, and to what a file system needs for itself. */
    private static final long RESERVE_BYTES = 16 << 20;

    private static final long MEGABYTE = 1_000_000;

    private DiskSpace() {}

    /**
     * Refuses what does not fit.
     *
     * @param file is to be written
     * @param bytes how much more it will be
     */
    static void check(FetchTools.Disk disk, Path file, long bytes) throws SourceFailedException, IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        long usable = disk.usableBytes(folder);
        if (usable < bytes + RESERVE_BYTES) {
            throw new SourceFailedException("needs " + inMegabytes(bytes + RESERVE_BYTES) + " on the disk of " + folder
                    + ", where " + inMegabytes(usable) + " are free");
        }
    }

    private static String inMegabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
    }
}
