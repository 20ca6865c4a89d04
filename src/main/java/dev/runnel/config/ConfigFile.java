package dev.runnel.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gets the objects of a configuration file, or of the defaults in the jar. */
final class ConfigFile {

    private static final String DEFAULTS = "runnel.yaml";
    private static final long MAX_BYTES = 1 << 20;

    private ConfigFile() {}

    /** The file that users read, {@code conf/runnel.yaml}; the build puts it on the class path. */
    static Map<String, @Nullable Object> defaults() throws ConfigException {
        try (InputStream in = Objects.requireNonNull(ConfigFile.class.getResourceAsStream(DEFAULTS))) {
            return YamlText.parse(DEFAULTS, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param givenBy who named the file, for the complaint that it cannot be read */
    static Map<String, @Nullable Object> read(Path file, String givenBy) throws ConfigException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file + ": too large (expected: at most " + MAX_BYTES + " bytes)");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return YamlText.parse(file.toString(), text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file (named by " + givenBy + ")");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (named by " + givenBy + "): " + e.getMessage());
        }
    }
}
