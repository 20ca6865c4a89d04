package dev.runnel.resume;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An idempotency key that stands for one generation, or for one that is being requested:
 *
 * <pre>
 *            keep                    failed, forgotten, deleted
 *   pending ──────▶ kept ──────────────────────────▶ gone
 *      │                                              ▲
 *      └────────────────── release ───────────────────┘
 * </pre>
 *
 * The moves are methods of {@code KeptGenerations}, under whose lock all of this changes.
 */
public final class Claim {

    private final ClaimRequest request;
    private final long number;
    final List<Runnable> waiting = new ArrayList<>();
    boolean isPending = true;

    /** Whether the cluster knows it. */
    boolean isShared;

    @Nullable
    KeptGeneration kept;

    /** @param number names it on this node */
    Claim(ClaimRequest request, long number) {
        this.request = request;
        this.number = number;
    }

    long number() {
        return number;
    }

    ClaimRequest request() {
        return request;
    }
}
