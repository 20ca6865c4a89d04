package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Options;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.ResponseFormat;
import dev.runnel.engine.ToolChoice;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.engine.grammar.JsonGrammar;
import dev.runnel.engine.grammar.SchemaException;
import dev.runnel.engine.template.TemplateException;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizes prompts, and refuses those that do not fit. Control tokens count in the template's text only. The text of
 * each turn is tokenized by itself as plain text, so the name of a control token in it cannot forge a turn. (A
 * SentencePiece vocabulary may therefore put a space before a turn's text, as it does before every text.)
 */
final class PromptReader {

    /** A text has at most this many tokens that are not complete; if it has more, their ids are not known. */
    private static final int MAX_OPEN_TOKENS = 16;

    private static final String ANY_TEXT = "x";

    private final Vocabulary vocabulary;
    private final @Nullable ChatTemplate template;
    private final PlainText plain;
    private final Sampling defaults;
    private final ThoughtReader thoughts;

    private PromptReader(
            Vocabulary vocabulary, @Nullable ChatTemplate template, Sampling defaults, ThoughtReader thoughts) {
        this.vocabulary = vocabulary;
        this.template = template;
        this.plain = template == null ? PlainText.of(vocabulary) : PlainText.of(vocabulary, template);
        this.defaults = defaults;
        this.thoughts = thoughts;
    }

    static PromptReader of(LlamaModel model, ModelConfig config, ThinkingSettings thinking)
            throws LlamaUnavailableException {
        Sampling defaults = config.sampling().orElse(Sampler.DEFAULTS);
        if (config.template() == ModelConfig.Template.NONE) {
            return new PromptReader(model.vocabulary(), null, defaults, ThoughtReader.NONE);
        }
        String jinja = model.chatTemplate()
                .orElseThrow(() -> new LlamaUnavailableException(
                        "the model's file has no chat template; set template: none for this model"));
        ChatTemplate template =
                new ChatTemplate(jinja, config.system(), model.vocabulary().marks(), LocalDateTime::now);
        return new PromptReader(
                model.vocabulary(), template, defaults, ThoughtReader.of(template, thinking, model.vocabulary()));
    }

    /** The tokens that every prompt of one user turn starts with; may be empty. */
    int[] sharedPrefix() {
        List<ChatTemplate.Part> parts = parts(List.of(Turn.user(ANY_TEXT)), false, thoughts.isOn());
        int last = parts.size() - 1;
        while (last >= 0 && parts.get(last).fromTemplate()) {
            last--;
        }
        return tokenize(parts.subList(0, Math.max(0, last)));
    }

    /**
     * Tokenizes a prompt.
     *
     * @param contextTokens the limit for prompt and completion together, in tokens
     * @throws GenerationException if the prompt or its {@code maxTokens} does not fit, or its format is not supported
     */
    TokenizedPrompt read(Prompt prompt, int contextTokens) {
        Options options = Options.read(prompt.options());
        ToolChoice.refusal(options).ifPresent(failure -> {
            throw new GenerationException(failure);
        });
        Grammar grammar = ResponseFormat.of(options).map(this::grammar).orElse(null);
        boolean hasNoMarks = options.isRawPrompt() || grammar != null;
        boolean isTextOnly = hasNoMarks || hasText(prompt.textSoFar());
        List<ChatTemplate.Part> parts =
                parts(prompt.turns(), options.isRawPrompt(), thoughts.isOn(options, isTextOnly));
        int[] tokens = tokenize(parts);
        if (tokens.length == 0) {
            throw refusal("prompt", "prompt: no tokens (expected: at least one)");
        }
        int left = contextTokens - tokens.length;
        if (left < 1) {
            throw new GenerationException(Failure.contextExceeded(tokens.length, contextTokens));
        }
        if (prompt.maxTokens() > left && !prompt.maxTokensIsDefault()) {
            throw refusal(
                    "maxTokens",
                    "maxTokens: " + prompt.maxTokens() + " (expected: at most " + left + ", the rest of the model's "
                            + contextTokens + " tokens after this prompt of " + tokens.length + ")");
        }
        Sampling sampling = prompt.sampling().orElse(defaults);
        boolean reproducible = sampling.seed() != null || Sampler.isGreedy(sampling);
        TokensSoFar before = tokensSoFar(prompt.textSoFar(), Sampler.isGreedy(sampling));
        int most = Math.min(prompt.maxTokens(), left - before.ids().size() + before.count());
        ThoughtForm thought = hasNoMarks ? null : thoughts.form(parts, isTextOnly);
        return new TokenizedPrompt(tokens, before, most, sampling, reproducible, grammar, thought);
    }

    /** Whether a text has started. Before that, a thinking model may have generated a mark: the answer starts again. */
    private static boolean hasText(TextSoFar before) {
        return !before.text().isEmpty() || !before.tokenIds().isEmpty();
    }

    /**
     * The tokens after which the text goes on. Text after the known ones is generated again if that gives the same. A
     * text that is tokenized again has other tokens at one cut in nine.
     */
    private TokensSoFar tokensSoFar(TextSoFar before, boolean isGreedy) {
        if (before.isEmpty()) {
            return TokensSoFar.NONE;
        }
        String known = vocabulary.text(before.tokenIds()).orElseThrow(PromptReader::otherText);
        if (!before.text().startsWith(known)) {
            throw otherText();
        }
        String more = before.text().substring(known.length());
        int open = before.tokens() - before.tokenIds().size();
        if (more.isEmpty() || (isGreedy && open <= MAX_OPEN_TOKENS)) {
            int count = before.tokenIds().size();
            return new TokensSoFar(before.tokenIds(), count, count, before.tokens(), more);
        }
        int[] further = plain.tokenize(more);
        TokenIds all = before.tokenIds().with(TokenIds.of(further, further.length));
        return new TokensSoFar(all, before.tokenIds().size(), before.tokens(), before.tokens(), "");
    }

    private static GenerationException otherText() {
        return new GenerationException(
                Failure.invalid("continuation", "continuation: the text so far is not of this model's tokens"));
    }

    private Grammar grammar(ResponseFormat format) {
        if (!vocabulary.hasEndOfText()) {
            throw new GenerationException(format.unsupported());
        }
        if (format.schema().isEmpty()) {
            return JsonGrammar.anyObject();
        }
        Grammar grammar;
        try {
            grammar = JsonGrammar.of(format.schema(), ResponseFormat.PARAM + ".schema");
        } catch (SchemaException e) {
            throw refusal(ResponseFormat.PARAM, String.valueOf(e.getMessage()));
        }
        if (!vocabulary.reads(grammar)) {
            throw refusal(ResponseFormat.PARAM, ResponseFormat.PARAM + ".schema: llama.cpp does not read its grammar");
        }
        return grammar;
    }

    private List<ChatTemplate.Part> parts(List<Turn> turns, boolean isRaw, @Nullable Boolean isThinking) {
        if (template == null || isRaw) {
            String text = turns.stream().map(Turn::content).collect(Collectors.joining("\n"));
            return List.of(new ChatTemplate.Part(text, false));
        }
        try {
            return thoughts.opened(template.render(turns, isThinking), isThinking);
        } catch (TemplateException e) {
            throw refusal("prompt", "prompt: this model's chat template does not accept the turns: " + e.getMessage());
        }
    }

    private static GenerationException refusal(String param, String message) {
        return new GenerationException(Failure.invalid(param, message));
    }

    private int[] tokenize(List<ChatTemplate.Part> parts) {
        int[] bos = vocabulary.bosTokens();
        List<int[]> pieces = new ArrayList<>();
        for (ChatTemplate.Part part : parts) {
            int[] tokens = part.fromTemplate() ? vocabulary.tokenize(part.text(), true) : plain.tokenize(part.text());
            // Some templates write the first token themselves.
            boolean hasBos = part.fromTemplate() && bos.length > 0 && tokens.length > 0 && tokens[0] == bos[0];
            if (pieces.isEmpty() && !hasBos) {
                pieces.add(bos);
            }
            pieces.add(tokens);
        }
        if (pieces.isEmpty()) {
            pieces.add(bos);
        }
        return pieces.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
