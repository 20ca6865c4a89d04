package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Records that a file was checked, so that the next start does not read all of it. It notices a change that sets the
 * change time of the file, which no program can set back. It does not notice bytes that the disk returns wrongly. Nor
 * does it notice a change within one tick of the file system's clock (up to 10 ms on Linux) after the check.
 *
 * @param file the absolute path
 * @param modifiedMicros when the content changed last; any program can set it
 * @param changedMicros when content, name or rights changed last, as the file system says; 0 on Windows, which has no
 *     such time
 * @param origin the {@link #originOf} of the source that it was fetched from; empty for a file that was not fetched
 * @param sha256 the hash of the content; the last line, so that a half-written marker has a wrong hash
 */
record VerifiedMarker(String file, long size, long modifiedMicros, long changedMicros, String origin, String sha256) {

    private static final int LINES = 6;

    /** Describes a file as it is now. */
    static VerifiedMarker of(Path file, String sha256, String origin) throws IOException {
        return new VerifiedMarker(
                file.toAbsolutePath().toString(),
                Files.size(file),
                modifiedMicros(file),
                changedMicros(file),
                origin,
                sha256);
    }

    /** Identifies a source without its address, which may contain a signature. */
    static String originOf(ModelSource source) {
        return Sha256.of(source.toString());
    }

    /** The marker at this place; empty if there is no readable one. */
    static Optional<VerifiedMarker> read(Path place) {
        try {
            List<String> lines = Files.readAllLines(place);
            return lines.size() == LINES ? Optional.of(parse(lines)) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static VerifiedMarker parse(List<String> lines) {
        return new VerifiedMarker(
                lines.get(0),
                Long.parseLong(lines.get(1)),
                Long.parseLong(lines.get(2)),
                Long.parseLong(lines.get(3)),
                lines.get(4),
                lines.get(5));
    }

    /** Writes the marker. If that fails, the next start checks the file again; there is no other effect. */
    void write(Path place) {
        try {
            Files.createDirectories(place.toAbsolutePath().getParent());
            Files.write(
                    place,
                    List.of(
                            file,
                            Long.toString(size),
                            Long.toString(modifiedMicros),
                            Long.toString(changedMicros),
                            origin,
                            sha256));
        } catch (IOException e) {
            // see above
        }
    }

    /** Whether the content of that file is still the content that was checked. */
    boolean covers(Path other) {
        try {
            return describes(other) && changedMicros == changedMicros(other);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether that file looks like the same one: path, size and time of modification. Its rights may differ. */
    boolean describes(Path other) {
        try {
            return file.equals(other.toAbsolutePath().toString())
                    && size == Files.size(other)
                    && modifiedMicros == modifiedMicros(other);
        } catch (IOException e) {
            return false;
        }
    }

    private static long modifiedMicros(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS);
    }

    private static long changedMicros(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? ((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.MICROSECONDS)
                : 0;
    }
}
