package dev.runnel.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The files of a gzipped tar archive. Source: the format {@code ustar} of POSIX.1-1988. Entries that are neither
 * files nor links are skipped, and so are the longer names of later formats.
 */
final class Tarball {

    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int LINK_AT = 157;

    /** The most files of an archive. */
    static final int MOST_ENTRIES = 10_000;

    /** The most bytes of all files of an archive: the parts for CUDA have a gigabyte. */
    static final long MOST_BYTES = 1L << 32;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private long total;

    private Tarball(InputStream in) {
        this.in = in;
    }

    /** Reads all files of an archive, in its order. */
    static void read(Path file, ArchiveVisitor visitor) throws SourceFailedException, IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            new Tarball(new BufferedInputStream(in)).read(visitor);
        } catch (ZipException | EOFException e) {
            throw new SourceFailedException("the package is damaged", e);
        }
    }

    private void read(ArchiveVisitor visitor) throws SourceFailedException, IOException {
        for (int entries = 0; hasNext(); entries++) {
            if (entries == MOST_ENTRIES) {
                throw new SourceFailedException("the package has more than " + MOST_ENTRIES + " files");
            }
            checkChecksum();
            long size = octal(SIZE_AT, SIZE_BYTES);
            total += size;
            if (total > MOST_BYTES) {
                throw new SourceFailedException("the package has more than " + MOST_BYTES + " bytes");
            }
            LimitedStream content = new LimitedStream(in, size);
            switch (header[TYPE_AT]) {
                case '0', 0 -> visitor.file(path(), content);
                case '1', '2' -> visitor.link(path(), text(LINK_AT, NAME_BYTES));
                default -> {}
            }
            content.skipRest();
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
    }

    /** Reads the next header. A block of zeros, or the end of the stream, ends the archive. */
    private boolean hasNext() throws IOException {
        int read = in.readNBytes(header, 0, BLOCK);
        if (read != 0 && read != BLOCK) {
            throw new EOFException();
        }
        return read == BLOCK && header[0] != 0;
    }

    private void checkChecksum() throws SourceFailedException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean isChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
            sum += isChecksum ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(CHECKSUM_AT, CHECKSUM_BYTES)) {
            throw new SourceFailedException("the package is damaged: the checksum of a header is wrong");
        }
    }

    private long octal(int from, int length) throws SourceFailedException {
        String digits = text(from, length).strip();
        try {
            return Long.parseUnsignedLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new SourceFailedException("the package is damaged: a number in a header is not octal", e);
        }
    }

    private String path() {
        String prefix = text(PREFIX_AT, PREFIX_BYTES);
        String name = text(0, NAME_BYTES);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String text(int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
