package dev.runnel.engine.scripted;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Surrogates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The script of a model, from its entry in the configuration.
 *
 * @param pieces the text, one piece per token; from {@code pieces}, or {@code text} split before white space
 * @param echo whether the text is the last turn of the prompt instead, one code point per token
 * @param repeat whether the text starts again at its end, so that only {@code maxTokens} ends it
 * @param firstToken the time before the first token
 * @param interval the time between tokens; zero is one token in each turn of the event loop
 * @param failAfter fails after this many tokens, or {@link #NEVER}
 * @param failure the code of that failure
 * @param stallAfter sends nothing after this many tokens, until it is cancelled, or {@link #NEVER}
 * @param sequences generations at once
 * @param contextTokens prompt and completion together, at most; 0 is no limit
 * @param cells what all generations may use together; each uses its prompt and its {@code maxTokens}, or 1 without a
 *     limit of the context
 * @param unavailable why the model does not open; empty if it does
 */
record Script(
        List<String> pieces,
        boolean echo,
        boolean repeat,
        Duration firstToken,
        Duration interval,
        int failAfter,
        FailureCode failure,
        int stallAfter,
        int sequences,
        int contextTokens,
        int cells,
        Optional<String> unavailable) {

    static final int NEVER = -1;

    private static final String STORY = "Once upon a time a small river wanted to see the sea, and so it began to run.";
    private static final int DEFAULT_SEQUENCES = 64;
    private static final int MAX_SEQUENCES = 1_000_000;
    private static final int MAX_CONTEXT_TOKENS = 1 << 20;
    private static final Duration LONGEST = Duration.ofHours(1);

    Script {
        pieces = List.copyOf(pieces);
    }

    /** Reads a model's settings and adds their errors to {@code complaints}. */
    static Script of(ModelConfig model, List<String> complaints) {
        Section settings = model.settings(complaints);
        boolean echo = settings.value("echo", Rule.bool(), false);
        Rule<Duration> pause = Rule.duration(Duration.ZERO, LONGEST);
        Rule<Integer> count = Rule.integer(0, Integer.MAX_VALUE);
        int sequences = settings.value("sequences", Rule.integer(1, MAX_SEQUENCES), DEFAULT_SEQUENCES);
        int contextTokens = settings.value("contextTokens", Rule.integer(0, MAX_CONTEXT_TOKENS), 0);
        int allCells = (int) Math.min(Integer.MAX_VALUE, (long) sequences * Math.max(1, contextTokens));
        var script = new Script(
                pieces(settings, echo),
                echo,
                settings.value("repeat", Rule.bool(), false),
                settings.value("firstToken", pause, Duration.ZERO),
                settings.value("interval", pause, Duration.ZERO),
                settings.value("failAfter", count, NEVER),
                settings.value("failure", Rule.oneOf(FailureCode.class), FailureCode.ENGINE_FAILED),
                settings.value("stallAfter", count, NEVER),
                sequences,
                contextTokens,
                settings.value("cells", Rule.integer(1, Integer.MAX_VALUE), allCells),
                settings.optional("unavailable", Rule.word()));
        settings.done();
        return script;
    }

    private static List<String> pieces(Section settings, boolean echo) {
        Optional<String> text = settings.optional("text", Rule.text());
        List<String> pieces = settings.list("pieces", Rule.text());
        if (Stream.of(echo, text.isPresent(), !pieces.isEmpty())
                        .filter(given -> given)
                        .count()
                > 1) {
            settings.complain("text", "together with another", "only one of text, pieces and echo");
        }
        if (Stream.concat(text.stream(), pieces.stream()).anyMatch(Surrogates::hasUnpaired)) {
            settings.complain("text", "a lone surrogate", "whole code points");
        }
        return pieces.isEmpty() ? List.of(text.orElse(STORY).split("(?=\\s)")) : pieces;
    }

    /** The pieces of one generation's text. */
    List<String> pieces(String lastTurn) {
        return echo ? lastTurn.codePoints().mapToObj(Character::toString).toList() : pieces;
    }
}
