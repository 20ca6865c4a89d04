package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the models with {@code engine: llama} share.
 *
 * @param mayFetch whether a newer library of llama.cpp is fetched for a model that the one in the jar does not know
 * @param folder the folder of a newer library, absolute, for all models; empty for the one in the jar
 */
public record LlamaConfig(boolean mayFetch, Optional<Path> folder) {

    /** The library in the jar, and a newer one for the models that need it. */
    public static final LlamaConfig AUTO = new LlamaConfig(true, Optional.empty());

    /** The library in the jar, for all models. */
    public static final LlamaConfig BUNDLED = new LlamaConfig(false, Optional.empty());

    private static final Rule<LlamaConfig> NATIVES =
            new Rule<>("auto, bundled, or the absolute path of a folder", AUTO, LlamaConfig::parse, false);

    /** The library in a folder, for all models. */
    public static LlamaConfig of(Path folder) {
        return new LlamaConfig(false, Optional.of(folder));
    }

    static LlamaConfig read(Section section) {
        return section.required("natives", NATIVES);
    }

    private static Optional<LlamaConfig> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(AUTO);
            case "bundled" -> Optional.of(BUNDLED);
            default -> folder(text).map(LlamaConfig::of);
        };
    }

    private static Optional<Path> folder(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
