package dev.runnel.engine.llama;

import dev.runnel.engine.Options;
import dev.runnel.engine.Thinking;
import dev.runnel.text.GenerationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a model thinks for one prompt.
 *
 * @param isOn what a request without {@code thinking} gets; {@code null} for the template's own
 * @param isKnown whether the template heeds it
 * @param marked the marks around a thought, with their tokens; {@code null} without
 */
record ThoughtReader(
        @Nullable Boolean isOn, boolean isKnown, @Nullable ThoughtStart marked) {

    /** A model that does not think. */
    static final ThoughtReader NONE = new ThoughtReader(null, false, null);

    private static final int NO_TOKEN = -1;

    static ThoughtReader of(ChatTemplate template, ThinkingSettings settings, Vocabulary vocabulary)
            throws LlamaUnavailableException {
        if (settings.isOn() != null && !template.knowsThinking()) {
            throw new LlamaUnavailableException("thinking: " + settings.isOn()
                    + " (expected: absent, because the model's chat template does not know it)");
        }
        Optional<ThoughtMarks> marks = Optional.ofNullable(settings.marks()).or(template::thoughtMarks);
        return new ThoughtReader(
                settings.isOn(),
                template.knowsThinking(),
                marks.map(known -> start(known, vocabulary)).orElse(null));
    }

    private static ThoughtStart start(ThoughtMarks marks, Vocabulary vocabulary) {
        return new ThoughtStart(marks, token(marks.start(), vocabulary), token(marks.end(), vocabulary), false);
    }

    private static int token(String mark, Vocabulary vocabulary) {
        int[] tokens = vocabulary.tokenize(mark, true);
        return tokens.length == 1 ? tokens[0] : NO_TOKEN;
    }

    /**
     * Whether the model thinks for a prompt; {@code null} for the template's own.
     *
     * @param isTextOnly whether the answer has no place for a thought: it has a format, or goes on after a text
     * @throws GenerationException if the prompt demands what the template does not know
     */
    @Nullable
    Boolean isOn(Options options, boolean isTextOnly) {
        Optional<Boolean> demanded = Thinking.demanded(options);
        if (!isKnown) {
            Thinking.refusal(options).ifPresent(failure -> {
                throw new GenerationException(failure);
            });
            return null;
        }
        if (isTextOnly || (demanded.isEmpty() && Thinking.isUnwanted(options))) {
            return false;
        }
        return demanded.orElse(isOn);
    }

    /** How the answer to a rendered prompt starts; {@code null} for a model without thoughts. */
    @Nullable
    ThoughtStart start(List<ChatTemplate.Part> parts) {
        if (marked == null || parts.isEmpty()) {
            return null;
        }
        ChatTemplate.Part last = parts.get(parts.size() - 1);
        boolean isOpen = last.fromTemplate() && marked.marks().areOpenIn(last.text());
        return new ThoughtStart(marked.marks(), marked.startToken(), marked.endToken(), isOpen);
    }
}
