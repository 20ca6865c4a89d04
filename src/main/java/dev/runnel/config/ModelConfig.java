package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import dev.runnel.text.Sampling;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code models}.
 *
 * @param name the model's name in requests
 * @param engine the name of the engine that runs it
 * @param template how a prompt becomes the input of the model
 * @param system the text of a system turn before the prompt; {@code null} keeps the model's own, empty means no system
 *     turn
 * @param answerTokens the most tokens of an answer where a client of an OpenAI-compatible route sets no bound. 0: the
 *     model's server decides, up to {@code generation.maxTokens}
 * @param sampling the model's own defaults
 * @param settings the entry's other keys, which its engine reads with {@link #settings(List)}. Every single value from
 *     a file is its text, {@code "8"} or {@code "20ms"}.
 */
public record ModelConfig(
        String name,
        String engine,
        Template template,
        @Nullable String system,
        int answerTokens,
        Sampling sampling,
        Map<String, Object> settings) {

    /** The rule of the names of models and plans. */
    static final Rule<String> NAME = Rule.matching(
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), "1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first");

    /** The engine whose servers have a default of their own for {@code answerTokens}. */
    private static final String RELAY = "openai";

    private static final int DEFAULT_ANSWER_TOKENS = 1024;

    public enum Template {
        /** The prompt is a turn in the model's chat template. */
        CHAT,
        /** The prompt is the start of the text. */
        NONE
    }

    /** With the default of {@code answerTokens}. */
    public ModelConfig(
            String name,
            String engine,
            Template template,
            @Nullable String system,
            Sampling sampling,
            Map<String, Object> settings) {
        this(name, engine, template, system, defaultAnswerTokens(engine), sampling, settings);
    }

    public ModelConfig {
        settings = Map.copyOf(settings);
    }

    static ModelConfig read(Section section) {
        String engine = section.required("engine", Rule.word());
        return new ModelConfig(
                section.required("name", NAME),
                engine,
                section.value("template", Rule.oneOf(Template.class), Template.CHAT),
                section.optional("system", Rule.text()).orElse(null),
                section.value("answerTokens", Rule.integer(1, 1_000_000), defaultAnswerTokens(engine)),
                sampling(section.section("sampling")),
                section.rest());
    }

    private static int defaultAnswerTokens(String engine) {
        return engine.equals(RELAY) ? 0 : DEFAULT_ANSWER_TOKENS;
    }

    private static Sampling sampling(Section section) {
        Rule<Double> penalty = Rule.number(-2, 2);
        return new Sampling(
                section.optional("temperature", Rule.number(0, 2)).orElse(null),
                section.optional("topP", Rule.numberAbove(0, 1)).orElse(null),
                section.optional("topK", Rule.integer(0, 1000)).orElse(null),
                null,
                section.optional("presencePenalty", penalty).orElse(null),
                section.optional("frequencyPenalty", penalty).orElse(null),
                List.of());
    }

    /**
     * A section of the {@link #settings()}. The paths in complaints start with the engine's own key; {@code
     * ConfigReader} adds the prefix {@code models[1].}.
     */
    public Section settings(List<String> complaints) {
        Section section = Section.of("", settings, complaints);
        List.of("name", "engine", "template", "system", "answerTokens", "sampling")
                .forEach(section::know);
        return section;
    }
}
