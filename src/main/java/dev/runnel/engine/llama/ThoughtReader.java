package dev.runnel.engine.llama;

import dev.runnel.engine.Options;
import dev.runnel.engine.Thinking;
import dev.runnel.text.GenerationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a model thinks for one prompt.
 *
 * @param isOn what a request without {@code thinking} gets; {@code null} for the template's own
 * @param isKnown whether the template heeds it
 * @param form of its answers; {@code null} for text alone
 */
record ThoughtReader(
        @Nullable Boolean isOn, boolean isKnown, @Nullable ThoughtForm form) {

    /** A model that does not think. */
    static final ThoughtReader NONE = new ThoughtReader(null, false, null);

    private static final int NO_TOKEN = -1;

    static ThoughtReader of(ChatTemplate template, ThinkingSettings settings, Vocabulary vocabulary)
            throws LlamaUnavailableException {
        ThoughtForm form = form(template, settings, vocabulary);
        boolean isKnown =
                template.knowsThinking() || (form != null && !form.beforeText().isEmpty());
        if (settings.isOn() != null && !isKnown) {
            throw new LlamaUnavailableException("thinking: " + settings.isOn()
                    + " (expected: absent, because the model's chat template does not know it)");
        }
        return new ThoughtReader(settings.isOn(), isKnown, form);
    }

    private static @Nullable ThoughtForm form(ChatTemplate template, ThinkingSettings settings, Vocabulary vocabulary) {
        if (settings.marks() == null && template.hasChannels()) {
            return ChannelStart.of(vocabulary);
        }
        Optional<ThoughtMarks> marks = Optional.ofNullable(settings.marks()).or(template::thoughtMarks);
        return marks.map(known -> start(known, vocabulary)).orElse(null);
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

    /**
     * The parts of a prompt, and what follows them before an answer without a thought.
     *
     * @param isThinking whether the answer may have one; {@code null} for the template's own
     */
    List<ChatTemplate.Part> opened(List<ChatTemplate.Part> parts, @Nullable Boolean isThinking) {
        if (form == null
                || isThinking == null
                || isThinking
                || form.beforeText().isEmpty()) {
            return parts;
        }
        List<ChatTemplate.Part> opened = new ArrayList<>(parts);
        // One text for the tokenizer, as if the template had written both.
        String end = promptEnd(parts);
        if (!end.isEmpty()) {
            opened.remove(opened.size() - 1);
        }
        opened.add(new ChatTemplate.Part(end + form.beforeText(), true));
        return opened;
    }

    /**
     * The form of the answer to a prompt; {@code null} if it is nothing but text.
     *
     * @param isTextOnly whether the answer has no thought
     */
    @Nullable
    ThoughtForm form(List<ChatTemplate.Part> parts, boolean isTextOnly) {
        return form == null ? null : form.after(promptEnd(parts), isTextOnly);
    }

    /** Empty if the template did not write it. */
    private static String promptEnd(List<ChatTemplate.Part> parts) {
        ChatTemplate.Part last = parts.isEmpty() ? new ChatTemplate.Part("", true) : parts.get(parts.size() - 1);
        return last.fromTemplate() ? last.text() : "";
    }
}
