package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.OptionalLong;

/**
 * The memory for clients.
 *
 * @param heldBytes the most bytes that are held for clients; empty is a quarter of the heap
 */
public record MemoryConfig(OptionalLong heldBytes) {

    /** How many largest bodies must fit into it, at least. */
    static final int BODIES = 4;

    private static final Rule<Long> BYTES = Rule.size(1024, 1L << 40);

    static long leastHeldBytes(HttpConfig http) {
        return BODIES * (long) http.maxBodyBytes();
    }

    static MemoryConfig read(Section section) {
        return new MemoryConfig(
                section.optional("heldBytes", BYTES).map(OptionalLong::of).orElse(OptionalLong.empty()));
    }
}
