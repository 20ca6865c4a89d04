package dev.runnel.config;

import dev.runnel.text.Sampling;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code models}.
 *
 * @param name how requests call it
 * @param engine the name of the engine that runs it
 * @param template how a prompt becomes what the model reads
 * @param system the text of a system turn before the prompt; {@code null} leaves the model its own, empty means none
 * @param sampling the model's own defaults
 * @param settings the entry's other keys, which only its engine understands
 */
public record ModelConfig(
        String name,
        String engine,
        Template template,
        @Nullable String system,
        Sampling sampling,
        Map<String, Object> settings) {

    public enum Template {
        /** The prompt is a turn in the model's chat template. */
        CHAT,
        /** The prompt is the beginning of the text. */
        NONE
    }

    public ModelConfig {
        settings = Map.copyOf(settings);
    }
}
