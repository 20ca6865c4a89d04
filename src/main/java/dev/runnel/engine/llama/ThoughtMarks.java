package dev.runnel.engine.llama;

import dev.runnel.engine.template.Template;
import java.util.List;
import java.util.Optional;

/**
 * The texts between which a model thinks. What it thinks stands at the start of its answer.
 *
 * @param start before the thought
 * @param end after the thought
 */
record ThoughtMarks(String start, String end) {

    /** Those of models of 2025 and 2026. */
    private static final List<ThoughtMarks> KNOWN = List.of(
            new ThoughtMarks("<think>", "</think>"),
            new ThoughtMarks("[THINK]", "[/THINK]"),
            new ThoughtMarks("<|START_THINKING|>", "<|END_THINKING|>"),
            new ThoughtMarks("<seed:think>", "</seed:think>"));

    /** The marks that a template names. */
    static Optional<ThoughtMarks> of(Template template) {
        return KNOWN.stream().filter(marks -> template.writes(marks.end())).findFirst();
    }

    /** Whether a prompt ends after a start mark: the model then thinks from its first token on. */
    boolean areOpenIn(String prompt) {
        return prompt.stripTrailing().endsWith(start);
    }
}
