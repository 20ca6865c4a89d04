package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Remembers that a file was checked, so that the next start need not read it all. Counts only while the file is the same by
 * path, size and time of change.
 *
 * @param file the absolute path
 * @param modifiedMicros when the file was changed last
 * @param sha256 the hash that it had
 * @param origin the {@link #originOf} of the source that it was fetched from; empty where it was not fetched
 */
record VerifiedMarker(String file, long size, long modifiedMicros, String sha256, String origin) {

    /** Stamps a file as it is now. */
    static VerifiedMarker of(Path file, String sha256, String origin) throws IOException {
        return new VerifiedMarker(
                file.toAbsolutePath().toString(), Files.size(file), modifiedMicros(file), sha256, origin);
    }

    /** Tells sources apart without repeating an address, which may hold a signature. */
    static String originOf(ModelSource source) {
        return Sha256.of(source.toString());
    }

    /** The stamp kept at this place; empty where there is none that can be read. */
    static Optional<VerifiedMarker> read(Path place) {
        try {
            List<String> lines = Files.readAllLines(place);
            return lines.size() != 5
                    ? Optional.empty()
                    : Optional.of(new VerifiedMarker(
                            lines.get(0),
                            Long.parseLong(lines.get(1)),
                            Long.parseLong(lines.get(2)),
                            lines.get(3),
                            lines.get(4)));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Keeps it there. Where nothing can be written, the next start looks once more: that is all. */
    void keep(Path place) {
        Path folder = place.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            Files.write(place, List.of(file, Long.toString(size), Long.toString(modifiedMicros), sha256, origin));
        } catch (IOException e) {
            // as said above
        }
    }

    /** Whether this was made of that file as it is now. */
    boolean isOf(Path other) {
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
}
