package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the models with {@code engine: llama} share.
 *
 * @param natives which library of llama.cpp a model gets
 * @param folder the folder of v0.4.0, absolute, for {@link Choice#FOLDER}; else empty
 * @param sources where v0.4.0 comes from otherwise, in the order in which the sources are tried
 */
public record LlamaConfig(Choice natives, Optional<Path> folder, List<LlamaSource> sources) {

    /** The library in the jar, and v0.4.0 from npm for the models that need it. */
    public static final LlamaConfig AUTO = new LlamaConfig(Choice.AUTO);

    /** The library in the jar, for all models. */
    public static final LlamaConfig BUNDLED = new LlamaConfig(Choice.BUNDLED);

    private static final Rule<LlamaConfig> NATIVES = new Rule<>(
            "auto, bundled, cpu, vulkan, cuda, or the absolute path of a folder", AUTO, LlamaConfig::parse, false);
    private static final Rule<String> SOURCE = new Rule<>(LlamaSource.EXPECTED, "npm", Optional::of, false);

    /** Which library a model gets, and on which devices it runs. */
    public enum Choice {
        /** The library in the jar, but v0.4.0 for models that the one in the jar does not know. */
        AUTO,
        /** The library in the jar. */
        BUNDLED,
        /** v0.4.0 on the processor. */
        CPU,
        /** v0.4.0 on GPUs by Vulkan. */
        VULKAN,
        /** v0.4.0 on GPUs by CUDA. */
        CUDA,
        /** v0.4.0 in a folder, on the GPUs that it has parts for. */
        FOLDER
    }

    public LlamaConfig {
        sources = List.copyOf(sources);
    }

    private LlamaConfig(Choice natives) {
        this(natives, Optional.empty(), List.of(new LlamaSource.Npm()));
    }

    /** The library in a folder, for all models. */
    public static LlamaConfig of(Path folder) {
        return new LlamaConfig(Choice.FOLDER, Optional.of(folder), List.of(new LlamaSource.Npm()));
    }

    static LlamaConfig read(Section section) {
        LlamaConfig chosen = section.required("natives", NATIVES);
        return new LlamaConfig(chosen.natives, chosen.folder, sources(section));
    }

    private static List<LlamaSource> sources(Section section) {
        List<String> texts = section.list("sources", SOURCE);
        if (texts.isEmpty() && section.isSound("sources")) {
            section.complain("sources", "an empty list", "a list of at least one of: " + LlamaSource.EXPECTED);
        }
        List<LlamaSource> sources = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<LlamaSource> source = LlamaSource.parse(texts.get(i));
            if (source.isPresent()) {
                sources.add(source.get());
            } else {
                section.complain("sources[" + i + "]", LlamaSource.shown(texts.get(i)), LlamaSource.EXPECTED);
            }
        }
        return sources;
    }

    private static Optional<LlamaConfig> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(AUTO);
            case "bundled" -> Optional.of(BUNDLED);
            case "cpu" -> Optional.of(new LlamaConfig(Choice.CPU));
            case "vulkan" -> Optional.of(new LlamaConfig(Choice.VULKAN));
            case "cuda" -> Optional.of(new LlamaConfig(Choice.CUDA));
            default -> LlamaSource.folder(text).map(LlamaConfig::of);
        };
    }
}
