package dev.runnel.engine.openai;

import dev.runnel.text.FinishReason;
import java.util.Optional;

/** The meanings of the upstreams' finish reasons. */
final class FinishReasons {

    private FinishReasons() {}

    /** The meaning of the word; empty if it means that the text was broken off. */
    static Optional<FinishReason> meaning(String word) {
        return switch (word) {
            case "length", "max_tokens" -> Optional.of(FinishReason.LENGTH);
            case "content_filter" -> Optional.of(FinishReason.CONTENT_FILTER);
            case "error", "abort", "aborted", "cancelled", "canceled", "insufficient_system_resource" ->
                Optional.empty();
            // "stop", and other words for an end by the model: "eos", "end_turn", "tool_calls", …
            default -> Optional.of(FinishReason.STOP);
        };
    }
}
