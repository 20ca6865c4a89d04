package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the models with {@code engine: llama} share.
 *
 * @param folder the folder of llama.cpp's libraries, absolute; empty for the library in the jar
 */
public record LlamaConfig(Optional<Path> folder) {

    /** The library in the jar. */
    public static final LlamaConfig DEFAULT = new LlamaConfig(Optional.empty());

    private static final String BUNDLED = "bundled";

    private static final Rule<LlamaConfig> NATIVES =
            new Rule<>(BUNDLED + ", or the absolute path of a folder", DEFAULT, LlamaConfig::parse, false);

    static LlamaConfig read(Section section) {
        return section.required("natives", NATIVES);
    }

    private static Optional<LlamaConfig> parse(String text) {
        if (text.equals(BUNDLED)) {
            return Optional.of(DEFAULT);
        }
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute).map(path -> new LlamaConfig(Optional.of(path)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
