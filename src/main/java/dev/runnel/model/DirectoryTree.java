package dev.runnel.model;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Measures and removes folders that another process may be changing: files that vanish meanwhile are ignored. */
final class DirectoryTree {

    private DirectoryTree() {}

    /** The sum of the sizes of its regular files; 0 if the folder does not exist. */
    static long bytesOf(Path folder) throws IOException {
        Sizes sizes = new Sizes();
        Files.walkFileTree(folder, sizes);
        return sizes.bytes;
    }

    /**
     * Removes the folder and its content. A link in it is removed, not followed. What another process adds while this
     * runs may stay, with the folders that lead to it.
     */
    static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new Removal());
    }

    private static final class Sizes extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException added) {
                // The pip of a killed start still writes into its folder; a later start removes the rest.
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
