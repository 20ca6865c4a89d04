package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a model that thinks.
 *
 * @param isOn what a request without {@code thinking} gets; {@code null} for the template's own
 * @param marks around a thought; {@code null} for those that the template names
 */
record ThinkingSettings(@Nullable Boolean isOn, @Nullable ThoughtMarks marks) {

    /** Neither is set. */
    static final ThinkingSettings NONE = new ThinkingSettings(null, null);

    static ThinkingSettings read(Section section, ModelConfig.Template template) {
        Boolean isOn = section.optional("thinking", Rule.bool()).orElse(null);
        List<String> marks = section.list("thinkingMarks", Rule.word());
        if (section.has("thinkingMarks") && marks.size() != 2) {
            section.complain("thinkingMarks", marks.size() + " texts", "two texts, before and after a thought");
        }
        if (template == ModelConfig.Template.NONE && (isOn != null || !marks.isEmpty())) {
            section.complain(isOn != null ? "thinking" : "thinkingMarks", "a value", "no value with template: none");
        }
        return new ThinkingSettings(isOn, marks.size() == 2 ? new ThoughtMarks(marks.get(0), marks.get(1)) : null);
    }
}
