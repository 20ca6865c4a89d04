package dev.runnel.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of JSON lines that only ever grows, and that several processes write and read at the same time. Each line is added by
 * one write in append mode, which the system does in one step; file locks would not hold here, for a process loses all of its
 * locks on a file with the first of its descriptors that it closes. Half a line, of a writer that died, counts as none.
 */
final class KeyLog {

    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path file;

    KeyLog(Path file) {
        this.file = file;
    }

    /** Adds one line and has it on the disk before it returns. Blocks. */
    void append(JsonObject entry) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(file, APPEND, OwnerOnly.attributes(directory))) {
            // An empty line too many does no harm; one that is glued to the rest of another would.
            String line = (endsInTheMiddle() ? "\n" : "") + entry.encode() + "\n";
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line);
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                throw new IOException("no space for a whole line");
            }
            channel.force(true);
        }
    }

    /** All lines; those that are no JSON object are passed over. None where there is no file. Blocks. */
    List<JsonObject> read() throws IOException {
        List<JsonObject> entries = new ArrayList<>();
        // Decodes with replacement, unlike Files.lines: nothing in this file may keep us from reading the rest.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                parse(line).ifPresent(entries::add);
            }
        } catch (NoSuchFileException e) {
            // Nothing was written yet.
        }
        return entries;
    }

    /** What changes when the file does: which it is, its size and its time. Empty where there is none. */
    Optional<List<Object>> mark() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(List.of(String.valueOf(now.fileKey()), now.size(), now.lastModifiedTime()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonObject> parse(String line) {
        try {
            return line.isBlank() ? Optional.empty() : Optional.of(new JsonObject(line));
        } catch (DecodeException e) {
            // Of a writer that died, and so never confirmed to anybody.
            return Optional.empty();
        }
    }

    private boolean endsInTheMiddle() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }
}
