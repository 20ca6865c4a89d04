package dev.runnel.engine.openai;

import dev.runnel.text.FinishReason;
import java.util.Optional;

/** The upstreams' words for why they ended. */
final class FinishReasons {

    private FinishReasons() {}

    /** What the word means; empty where it says that the text was broken off. */
    static Optional<FinishReason> meaning(String word) {
        return switch (word) {
            case "length", "max_tokens" -> Optional.of(FinishReason.LENGTH);
            case "content_filter" -> Optional.of(FinishReason.CONTENT_FILTER);
            case "error", "abort", "aborted", "cancelled", "canceled", "insufficient_system_resource" ->
                Optional.empty();
            // "stop", and what says in other words that the model ended: "eos", "end_turn", "tool_calls", …
            default -> Optional.of(FinishReason.STOP);
        };
    }
}
