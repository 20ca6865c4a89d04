package dev.runnel.auth;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
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
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines that only grows. Several processes write and read it at the same time. Each line is added by one
 * write in append mode, which the operating system does in one step. File locks would not hold: a process loses all its
 * locks on a file when it closes any of its descriptors for that file. Half a line, of a process that died, is ignored.
 */
final class KeyLog {

    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addHandler(new WrongTypeAsAbsent())
            .build();

    private final Path file;

    KeyLog(Path file) {
        this.file = file;
    }

    /** Adds one line and returns when it is on the disk. Blocks. */
    void append(KeyEvent event) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(file, APPEND, OwnerOnly.attributes(directory))) {
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

    /** All events. A line that is not a JSON object is ignored. Empty when the file does not exist. Blocks. */
    List<KeyEvent> read() throws IOException {
        List<KeyEvent> events = new ArrayList<>();
        // Unlike Files.lines, this decodes with replacement: a bad byte must not hide the other lines.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                parse(line).ifPresent(events::add);
            }
        } catch (NoSuchFileException e) {
            // No event was written yet.
        }
        return events;
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
            return line.isBlank() ? Optional.empty() : Optional.ofNullable(JSON.readValue(line, KeyEvent.class));
        } catch (JsonProcessingException e) {
            // The process that wrote it died before it confirmed the event to its caller.
            return Optional.empty();
        }
    }

    private boolean endsInsideLine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }

    /** A member of the wrong type counts as absent, so that a revocation holds whatever its other members are. */
    private static final class WrongTypeAsAbsent extends DeserializationProblemHandler {

        @Override
        public @Nullable Object handleWeirdStringValue(
                DeserializationContext context, Class<?> type, String value, String problem) {
            return null;
        }

        @Override
        public @Nullable Object handleUnexpectedToken(
                DeserializationContext context, JavaType type, JsonToken token, JsonParser parser, String problem)
                throws IOException {
            if (type.hasRawClass(KeyEvent.class)) {
                return NOT_HANDLED;
            }
            parser.skipChildren();
            return null;
        }
    }
}
