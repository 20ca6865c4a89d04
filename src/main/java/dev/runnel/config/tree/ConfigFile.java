package dev.runnel.config.tree;

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

/** Reads a configuration file, or the defaults in the jar. */
final class ConfigFile {

    private static final String DEFAULTS = "/dev/runnel/config/runnel.yaml";
    private static final long MAX_BYTES = 1 << 20;

    private ConfigFile() {}

    /** The shipped {@code conf/runnel.yaml}; the build puts it on the class path. */
    static Map<String, @Nullable Object> defaults() throws ConfigException {
        try (InputStream in = Objects.requireNonNull(ConfigFile.class.getResourceAsStream(DEFAULTS))) {
            return YamlText.parse(DEFAULTS, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param source the option or variable that names the file, for complaints */
    static Map<String, @Nullable Object> read(Path file, String source) throws ConfigException {
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
            throw new ConfigException(file + ": no such file (named by " + source + ")");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (named by " + source + "): " + e.getMessage());
        }
    }
}
