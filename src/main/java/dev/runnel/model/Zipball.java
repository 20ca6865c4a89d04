package dev.runnel.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files of a zip archive, within the bounds of a {@link Tarball}. A link is read as a file that has its target. */
final class Zipball {

    private Zipball() {}

    /** Whether a file starts as a zip archive does. */
    static boolean is(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 'P' && in.read() == 'K';
        }
    }

    /** Reads all files of an archive, in the order of its directory. */
    static void read(Path file, ArchiveVisitor visitor) throws SourceFailedException, IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > Tarball.MAX_ENTRIES) {
                throw new SourceFailedException("the package has more than " + Tarball.MAX_ENTRIES + " files");
            }
            long total = 0;
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                total += Math.max(0, entry.getSize());
                if (entry.getSize() < 0 || total > Tarball.MAX_BYTES) {
                    throw new SourceFailedException("the package has more than " + Tarball.MAX_BYTES + " bytes");
                }
                if (!entry.isDirectory()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        visitor.file(entry.getName(), new LimitedStream(content, entry.getSize()));
                    }
                }
            }
        } catch (ZipException | EOFException e) {
            throw new SourceFailedException("the package is damaged", e);
        }
    }
}
