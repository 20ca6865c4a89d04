package dev.runnel.engine.openai;

import dev.runnel.text.FinishReason;
import java.util.Locale;
import java.util.Optional;

/** The meanings of the upstreams' finish reasons, those of several vendors. */
final class FinishReasons {

    private FinishReasons() {}

    /** Whether it is a finish reason. Some servers write a word for nothing in every event but the last. */
    static boolean isWord(String word) {
        return !word.isBlank() && !word.equalsIgnoreCase("null") && !word.equalsIgnoreCase("none");
    }

    /** The meaning of the word, in any case; empty if it means that the text was broken off. */
    static Optional<FinishReason> meaning(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                Optional.of(FinishReason.LENGTH);
            case "content_filter", "content_filtered", "sensitive", "safety" ->
                Optional.of(FinishReason.CONTENT_FILTER);
            case "error",
                    "network_error",
                    "server_error",
                    "timeout",
                    "abort",
                    "aborted",
                    "cancelled",
                    "canceled",
                    "insufficient_system_resource" -> Optional.empty();
            // "stop", and other words for an end by the model: "eos", "end_turn", "tool_calls", …
            default -> Optional.of(FinishReason.STOP);
        };
    }
}
