package dev.runnel.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
 * A file of JSON lines that only grows. Several processes write and read it at the same time. Each line is added by one
 * write in append mode, which the operating system does in one step. File locks would not hold: a process loses all its
 * locks on a file when it closes any of its descriptors for that file. Only the owner may read or write the file.
 */
final class KeyLog {

    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;

    KeyLog(Path file) {
        this.file = file;
    }

    /**
     * The lines of the file.
     *
     * @param damaged lines with an end that record no event; empty lines are not among them
     * @param unfinished a last line without an end that records no event: a process is writing it, or died
     */
    record Content(List<KeyEvent> events, List<DamagedLine> damaged, Optional<DamagedLine> unfinished) {

        Content {
            events = List.copyOf(events);
            damaged = List.copyOf(damaged);
        }
    }

    /** Makes an empty file if the file is missing. Blocks. */
    void create() throws IOException {
        openToAppend().close();
    }

    /**
     * Adds one line and returns when it is on the disk. Blocks.
     *
     * @throws AuthSetupException when the file is open to others
     */
    void append(KeyEvent event) throws IOException {
        try (FileChannel channel = openToAppend()) {
            checkRights();
            // An extra empty line does no harm. A line that continues the rest of a broken one would be lost.
            String line = (endsInsideLine() ? "\n" : "") + JSON.writeValueAsString(event) + "\n";
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line);
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                throw new IOException("no space for a whole line");
            }
            channel.force(true);
        }
    }

    /**
     * All lines; none when the file does not exist. Blocks.
     *
     * @throws AuthSetupException when the file is open to others
     */
    Content read() throws IOException {
        List<KeyEvent> events = new ArrayList<>();
        List<DamagedLine> damaged = new ArrayList<>();
        long number = 0;
        // Unlike Files.lines, this decodes with replacement: a bad byte must not hide the other lines.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            checkRights();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Optional<KeyEvent> event = parse(line);
                event.ifPresent(events::add);
                if (event.isEmpty() && !line.isBlank()) {
                    damaged.add(DamagedLine.of(number, line));
                }
            }
            return content(events, damaged, number);
        } catch (NoSuchFileException e) {
            return new Content(List.of(), List.of(), Optional.empty());
        }
    }

    private Content content(List<KeyEvent> events, List<DamagedLine> damaged, long lines) throws IOException {
        int last = damaged.size() - 1;
        boolean isUnfinished = last >= 0 && damaged.get(last).number() == lines && endsInsideLine();
        return isUnfinished
                ? new Content(events, damaged.subList(0, last), Optional.of(damaged.get(last)))
                : new Content(events, damaged, Optional.empty());
    }

    boolean isMissing() {
        return Files.notExists(file);
    }

    /** Changes when the file does: its identity, size and modification time. Empty when it does not exist. */
    Optional<List<Object>> mark() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(List.of(String.valueOf(now.fileKey()), now.size(), now.lastModifiedTime()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<KeyEvent> parse(String line) {
        try {
            return line.isBlank() ? Optional.empty() : KeyEvent.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private FileChannel openToAppend() throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        return FileChannel.open(file, APPEND, OwnerOnly.attributes(directory));
    }

    /** Others could read the names of the keys' owners, or remove a revocation. */
    private void checkRights() throws IOException {
        OwnerOnly.check(file, "check its lines, if others could write it");
    }

    private boolean endsInsideLine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }
}
