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
 * Any thread.
 */
public final class Claim {

    private final KeptGenerations generations;
    private final ClaimRequest request;

    /** Under the lock of {@link KeptGenerations}, as are the next two. */
    boolean isPending = true;

    @Nullable
    KeptGeneration kept;

    final List<Runnable> waiting = new ArrayList<>();

    Claim(KeptGenerations generations, ClaimRequest request) {
        this.generations = generations;
        this.request = request;
    }

    ClaimRequest request() {
        return request;
    }

    /**
     * The generation was accepted: from now on the key stands for it.
     *
     * @param whenForgotten runs once on any thread when its text was dropped; must not block
     */
    KeptGeneration keep(KeptGeneration.Facts facts, Runnable whenForgotten) {
        return generations.keep(this, facts, whenForgotten);
    }

    /** No generation was accepted: the key is free. Without effect after {@link #keep} and after the first call. */
    public void release() {
        generations.release(this);
    }

    /**
     * Waits for the answer to the request that has the claim.
     *
     * @param answered runs once, on any thread, perhaps within this call; must not block
     * @return whether one more may wait
     */
    public boolean await(Runnable answered) {
        return generations.await(this, answered);
    }

    /** Undoes {@link #await}. */
    public void stopWaiting(Runnable answered) {
        generations.stopWaiting(this, answered);
    }
}
