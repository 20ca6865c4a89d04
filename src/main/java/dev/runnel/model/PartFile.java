package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What a download has so far, kept over restarts together with where it came from. A part of another source, or one without
 * its origin, is not gone on with.
 *
 * @param path the bytes
 * @param originPath two lines: {@link VerifiedMarker#originOf} of the source, and the server's strong {@code ETag}, or nothing
 */
record PartFile(Path path, Path originPath) {

    static PartFile of(ModelPlace place) {
        return new PartFile(place.part(), place.partOrigin());
    }

    /** How many bytes of this origin are there. */
    long length(String origin) throws IOException {
        boolean same = note().map(lines -> lines.get(0).equals(origin)).orElse(false);
        return same && Files.isRegularFile(path) ? Files.size(path) : 0;
    }

    /** The {@code ETag} of what is there; empty where the server gave none that is good for comparing. */
    Optional<String> tag() {
        return note().map(lines -> lines.get(1)).filter(tag -> !tag.isEmpty());
    }

    /** Starts with nothing. */
    FileChannel begin(String origin, Optional<String> tag) throws IOException {
        discard();
        Files.write(originPath, List.of(origin, tag.orElse("")));
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Goes on behind what is there. */
    FileChannel append() throws IOException {
        return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Forgets what is there. The bytes go first: without them the origin means nothing. */
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
