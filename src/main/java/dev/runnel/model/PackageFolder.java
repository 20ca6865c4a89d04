package dev.runnel.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** The needed files of a package in a folder, which exists only whole. Any number of processes may share it. */
final class PackageFolder {

    private static final int BUFFER_BYTES = 1 << 16;

    /** The archives here are compressed to a third or less. */
    private static final int UNPACKED_TIMES = 4;

    private final ModelPlace place;
    private final PackedFiles wanted;
    private final FetchTools.Disk disk;

    PackageFolder(ModelPlace place, PackedFiles wanted, FetchTools.Disk disk) {
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
        Comparison comparison = new Comparison();
        if (Files.isDirectory(place.unpacked())) {
            read(archive, comparison);
        }
        return comparison.files > 0 && !comparison.differs;
    }

    private static void read(Path archive, ArchiveVisitor visitor) throws SourceFailedException, IOException {
        if (Zipball.is(archive)) {
            Zipball.read(archive, visitor);
        } else {
            Tarball.read(archive, visitor);
        }
    }

    /** Compares the files of an archive with those of the folder. */
    private final class Comparison implements ArchiveVisitor {
        private int files;
        private boolean differs;

        @Override
        public void file(String path, InputStream content) throws IOException {
            String name = wanted.nameOf(path);
            if (!name.isEmpty()) {
                files++;
                differs |= !isSame(place.unpacked().resolve(name), content);
            }
        }

        @Override
        public void link(String path, String target) {
            String name = wanted.nameOf(path);
            boolean isNeeded = !name.isEmpty() && !wanted.nameOf(target).isEmpty();
            differs |= isNeeded && !Files.isRegularFile(place.unpacked().resolve(name));
        }
    }

    /** Writes the needed files of an archive. A link stays one, to a file of the same folder. */
    private record Writer(PackedFiles wanted, Path folder) implements ArchiveVisitor {

        @Override
        public void file(String path, InputStream content) throws SourceFailedException, IOException {
            String name = wanted.nameOf(path);
            if (!name.isEmpty()) {
                Files.copy(content, free(name));
            }
        }

        @Override
        public void link(String path, String target) throws SourceFailedException, IOException {
            String name = wanted.nameOf(path);
            String targetName = wanted.nameOf(target);
            if (!name.isEmpty() && !targetName.isEmpty()) {
                Files.createSymbolicLink(free(name), folder.getFileSystem().getPath(targetName));
            }
        }

        private Path free(String name) throws SourceFailedException {
            Path file = folder.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new SourceFailedException("the package has two files " + name);
            }
            return file;
        }
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
        DiskSpace.check(disk, place.unpacked(), UNPACKED_TIMES * Files.size(archive));
        Path part = Files.createTempDirectory(place.folder(), place.unpackingPrefix());
        try {
            read(archive, new Writer(wanted, part));
            checkWhole(part);
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

    private static void checkWhole(Path folder) throws SourceFailedException, IOException {
        int files = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path file : found) {
                if (!Files.isRegularFile(file)) {
                    throw new SourceFailedException("the package lacks the file of the link " + file.getFileName());
                }
                files++;
            }
        }
        if (files == 0) {
            throw new SourceFailedException("the package has none of the needed files");
        }
    }
}
