package dev.runnel.engine.openai;

import dev.runnel.text.FinishReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The meanings of the upstreams' finish reasons, those of several vendors. */
final class FinishReasons {

    /** A word that contains one of these means that the text was broken off. */
    private static final List<String> FAILURES =
            List.of("error", "abort", "cancel", "timeout", "network", "insufficient_system_resource");

    /** Words for an end by the model. */
    private static final Set<String> STOPS = Set.of(
            "stop",
            "stop_sequence",
            "stopped",
            "eos",
            "eos_token",
            "end",
            "end_turn",
            "complete",
            "completed",
            "done",
            "tool_calls",
            "tool_use",
            "function_call");

    private FinishReasons() {}

    /** Whether it is a finish reason. Some servers write a word for nothing in every event but the last. */
    static boolean isWord(String word) {
        return !word.isBlank() && !word.equalsIgnoreCase("null") && !word.equalsIgnoreCase("none");
    }

    /** The meaning of the word, in any case; empty if it means that the text was broken off. */
    static Optional<FinishReason> meaning(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                Optional.of(FinishReason.LENGTH);
            case "content_filter", "content_filtered", "sensitive", "safety" ->
                Optional.of(FinishReason.CONTENT_FILTER);
            default -> FAILURES.stream().anyMatch(lower::contains) ? Optional.empty() : Optional.of(FinishReason.STOP);
        };
    }

    /** Whether the word is one that no vendor is known to use, so that its meaning is a guess. */
    static boolean isUnknown(String word) {
        return meaning(word).equals(Optional.of(FinishReason.STOP)) && !STOPS.contains(word.toLowerCase(Locale.ROOT));
    }
}
