package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The bytes that a download has received so far, kept over restarts together with their source. A part of another
 * source, or one without its origin, is not continued.
 *
 * @param path the bytes
 * @param originPath two lines: {@link VerifiedMarker#originOf} of the source, and the server's strong {@code ETag},
 *     which may be empty
 */
record PartFile(Path path, Path originPath) {

    static PartFile of(ModelPlace place) {
        return new PartFile(place.part(), place.partOrigin());
    }

    /** The number of bytes of this origin. */
    long length(String origin) throws IOException {
        boolean same = note().map(lines -> lines.get(0).equals(origin)).orElse(false);
        return same && Files.isRegularFile(path) ? Files.size(path) : 0;
    }

    /** The {@code ETag} of the bytes; empty if the server sent no strong one, which alone can be compared. */
    Optional<String> tag() {
        return note().map(lines -> lines.get(1)).filter(tag -> !tag.isEmpty());
    }

    /** Starts from nothing. */
    FileChannel start(String origin, Optional<String> tag) throws IOException {
        discard();
        Files.write(originPath, List.of(origin, tag.orElse("")));
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Continues after the bytes that exist. */
    FileChannel append() throws IOException {
        return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Removes everything. The bytes go first: without them the origin has no meaning. */
    void discard() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(originPath);
    }

    private Optional<List<String>> note() {
        try {
            return Optional.of(Files.readAllLines(originPath)).filter(lines -> lines.size() == 2);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
