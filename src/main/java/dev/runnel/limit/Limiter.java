package dev.runnel.limit;

import dev.runnel.config.Allowance;
import io.vertx.core.Future;

/**
 * Applies the limits of keys. {@link LocalLimiter} counts within one process. The methods return futures, so that
 * another implementation can count across the members of a cluster. Safe for use by several threads.
 */
public interface Limiter {

    /**
     * Decides whether a key may start one generation.
     *
     * @param keyId names the key
     * @param allowance what the key may use: its plan, narrowed by its own claims
     * @return completes on the caller's thread, or on the caller's context
     */
    Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand);

    /**
     * What a key has left now, and how many generations it runs.
     *
     * @return completes on the caller's thread, or on the caller's context
     */
    Future<LimitState> state(String keyId, Allowance allowance);
}
