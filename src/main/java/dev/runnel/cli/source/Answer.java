package dev.runnel.cli.source;

import dev.runnel.text.Usage;
import java.util.Optional;

/**
 * How a generation ended.
 *
 * @param id the name of the generation; empty if it was stopped before it had one
 * @param finishReason as on the wire: {@code stop}, {@code length}, {@code content_filter} or {@code cancelled}
 * @param usage the tokens; empty if the generation was stopped
 */
public record Answer(String id, String finishReason, Optional<Usage> usage) {

    /** The finish reason of a generation that the user stopped. */
    public static final String CANCELLED = "cancelled";

    /** The finish reason of a text that reached its most tokens. */
    public static final String LENGTH = "length";

    static Answer stopped(String id) {
        return new Answer(id, CANCELLED, Optional.empty());
    }
}
