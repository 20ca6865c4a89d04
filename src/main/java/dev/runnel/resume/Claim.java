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
    final List<Runnable> waiting = new ArrayList<>();
    boolean isPending = true;

    @Nullable
    KeptGeneration kept;

    Claim(ClaimRequest request) {
        this.request = request;
    }

    ClaimRequest request() {
        return request;
    }
}
